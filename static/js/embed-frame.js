// Inside the frame on a docs page: tells the page its height, takes its theme, asks and replies in place.
const { body, documentElement: root } = document;
const docs = body.dataset.origin;
const KEY = "hearth-embed-token";
const LOOK_EVERY = 500; // ms; a sign-in window sends no event when it is closed

const memory = new Map(); // when the browser gives frames no storage
const kept = {
  get: (key) => { try { return sessionStorage.getItem(key); } catch { return memory.get(key) ?? null; } },
  set: (key, value) => { try { sessionStorage.setItem(key, value); } catch { memory.set(key, value); } },
  drop: (key) => { try { sessionStorage.removeItem(key); } catch { memory.delete(key); } },
};

new ResizeObserver(() => parent.postMessage({ hearth: "height", height: body.scrollHeight }, docs)).observe(body);

let waiting = null; // the form to send after signing in
addEventListener("message", (event) => {
  const { origin, source, data } = event;
  if (source === parent && origin === docs && data?.hearth === "theme") {
    if (data.theme === "light" || data.theme === "dark") root.dataset.theme = data.theme;
    else delete root.dataset.theme;
  }
  if (origin === location.origin && data?.hearth === "token" && typeof data.token === "string") {
    kept.set(KEY, data.token);
    waiting?.requestSubmit();
    waiting = null;
  }
});

const show = (form, words) => { form.querySelector("[data-error]").textContent = words; };
const draftOf = (form) => `hearth-draft:${location.search}:${form.dataset.post}`;

const send = async (form, token) => {
  const headers = { Authorization: `Embed ${token}` };
  const answer = await fetch(form.dataset.post, { method: "POST", headers, credentials: "omit", body: new FormData(form) });
  return { status: answer.status, said: await answer.json().catch(() => ({})) };
};

const signIn = (form) => {
  waiting = form;
  kept.drop(KEY);
  const opened = open("/embed/sign-in/", "hearth-sign-in", "popup,width=520,height=720");
  show(form, opened ? body.dataset.saySignedOut : body.dataset.sayPopup);
  const watch = opened && setInterval(() => {
    if (!opened.closed) return;
    clearInterval(watch);
    if (waiting === form) show(form, body.dataset.sayClosed);
  }, LOOK_EVERY);
};

// Updates the page without a reload: without storage, a reload would lose the token.
const refresh = async () => {
  const answer = await fetch(location.href, { credentials: "omit", cache: "no-store" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const opened = [...document.querySelectorAll("details[open]")].map((one) => one.id);
  document.querySelector("main").replaceWith(document.adoptNode(fresh));
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  prepare();
};

const posted = async (form, said) => {
  form.reset();
  kept.drop(draftOf(form));
  const question = form.closest("details")?.id;
  await refresh().catch(() => {});
  // Beside the form that was sent: under the replies of its question, or at the top of the page.
  const status = document.querySelector(`#${question} [data-status]`) ?? document.querySelector("[data-status]");
  status.textContent = said.waits ? body.dataset.sayWaits : body.dataset.sayPosted;
  status.focus();
};

const submit = async (form) => {
  const token = kept.get(KEY);
  if (!token) return signIn(form);
  const button = form.querySelector("button");
  button.disabled = true;
  show(form, "");
  for (const status of document.querySelectorAll("[data-status]")) status.textContent = "";
  try {
    const { status, said } = await send(form, token);
    if (status === 201) return await posted(form, said);
    if (status === 401) return signIn(form);
    const words = said.detail ?? Object.values(said).flat().join(" ");
    show(form, words || body.dataset.sayFailed);
  } catch {
    show(form, body.dataset.sayFailed);
  } finally {
    button.disabled = false;
  }
};

const prepare = () => {
  for (const form of document.forms) {
    for (const [name, value] of new URLSearchParams(kept.get(draftOf(form)) ?? "")) {
      const field = form.elements.namedItem(name);
      if (field && field.type !== "hidden") field.value = value;
    }
    const more = form.querySelector("[data-more]");
    if (more) more.hidden = !form.elements.subject.value;
  }
};

prepare();
document.addEventListener("focusin", ({ target }) => {
  const more = target.form?.querySelector("[data-more]");
  if (more) more.hidden = false;
});
document.addEventListener("input", ({ target: { form } }) => {
  if (form) kept.set(draftOf(form), String(new URLSearchParams(new FormData(form))));
});
document.addEventListener("submit", (event) => {
  event.preventDefault();
  submit(event.target);
});
