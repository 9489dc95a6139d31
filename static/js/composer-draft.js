// Drafts: what is typed is kept, on the server for members and in this browser for guests, until it is posted.
import { fill, token } from "./composer-text.js";

const WAIT = 2500;
const FIELDS = ["subject", "topic", "tags", "body", "docs_page"];

const shelf = (name) => ({
  read() {
    try {
      return JSON.parse(localStorage.getItem(name) ?? "null");
    } catch {
      return null;
    }
  },
  write(value) {
    try {
      if (value) localStorage.setItem(name, JSON.stringify(value));
      else localStorage.removeItem(name);
    } catch {
      // private mode: the server keeps members' drafts
    }
  },
});

/** Put back what was left here. What the page brings (a quotation) comes after it. */
const restore = ({ area, form }, left) => {
  const brought = area.value.trim();
  const isQuote = new URLSearchParams(location.search).has("quote");
  for (const name of FIELDS) {
    if (name !== "body" && left[name] && form.elements[name] && !form.elements[name].value) form.elements[name].value = left[name];
  }
  if (!brought) area.value = left.body ?? "";
  else if (isQuote && left.body && !left.body.includes(brought)) area.value = `${left.body.trimEnd()}\n\n${area.value}`;
};

export const keepDraft = (composer) => {
  const { form, dataset } = composer;
  const key = dataset.draftKey;
  if (!key) return { keep() {}, drop() {}, sent() {} };
  const isMember = "member" in dataset;
  const here = shelf(`hearth-draft:${key}`);
  const typed = () => Object.fromEntries(FIELDS.map((name) => [name, form.elements[name]?.value ?? ""]));
  let timer = 0;

  const keep = () => {
    clearTimeout(timer);
    timer = 0;
    const now = typed();
    here.write(now.body || now.subject ? now : null);
    return now;
  };
  const saved = (words) => composer.say(fill(words, { time: new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) }));

  const save = async () => {
    const now = keep();
    if (!isMember) return saved(dataset.sayKept);
    const body = new URLSearchParams({ key, ...now });
    const headers = { "X-CSRFToken": token(form) };
    const answer = await fetch("/questions/drafts/save/", { method: "POST", body, headers, keepalive: now.body.length < 20_000 }).catch(() => null);
    if (!answer?.ok) return saved(dataset.sayKept);
    here.write(null);
    saved(dataset.saySaved);
  };

  const drop = () => {
    clearTimeout(timer);
    timer = 0;
    here.write(null);
  };

  const left = here.read();
  if (left?.sent && isMember) here.write(null);
  else if (left) restore(composer, left);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && timer && form.isConnected) keep();
  });
  // A guest's text stays until it is known to be posted; signing in posts it.
  return { keep, drop, sent: () => here.write(isMember ? null : { ...typed(), sent: true }) };
};
