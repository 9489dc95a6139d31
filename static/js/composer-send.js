// Sending: in the background, so that what could not be sent stays in the editor, with "Try again".
import { setBusy } from "./busy.js";

const go = (address) => {
  const to = new URL(address, location.href);
  const isHere = to.pathname === location.pathname && to.search === location.search;
  location.assign(to);
  if (isHere) location.reload();
};

const isEditor = (form) => form.querySelector("hearth-composer");

/** Put the form back as the server sees it, with what is wrong beside the fields. */
const showAgain = (form, page) => {
  const fresh = [...page.forms].find(isEditor);
  if (!fresh) return false;
  form.replaceWith(fresh);
  (fresh.querySelector("[aria-invalid=true]") ?? fresh.querySelector("textarea")).focus();
  return true;
};

export const sendForm = (composer) => {
  const { form, dataset } = composer;
  let sending = false;

  const send = async (button) => {
    const headers = { "HX-Request": "true" };
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), headers });
    const to = answer.headers.get("HX-Redirect");
    if (to) {
      composer.draft.sent();
      go(to);
      return "";
    }
    if (answer.status >= 500) return dataset.sayUnsent;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status === 400 && showAgain(form, page)) return "";
    return page.querySelector("main > p")?.textContent || dataset.sayUnsent;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    if (composer.querySelector("[data-uploads] progress")) return composer.say(dataset.sayWait, true);
    sending = true;
    const button = event.submitter ?? form.querySelector("button[type=submit]");
    const release = setBusy(button);
    composer.draft.keep();
    const trouble = await send(button).catch(() => dataset.sayUnsent);
    if (!trouble) return;
    sending = false;
    release(dataset.sayRetry);
    composer.say(trouble, true);
  });

  addEventListener("pageshow", (event) => {
    if (event.persisted) sending = false;
  });
};
