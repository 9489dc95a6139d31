// Drafts: what is typed is kept, on the server for members and in this browser for guests, until it is posted.
import { token } from "./composer-text.js";

const WAIT = 2500;

const fields = (form) => Object.fromEntries(["subject", "topic", "tags", "body", "docs_page"].map((name) => [name, form.elements[name]?.value ?? ""]));

export const keepDraft = (composer) => {
  const { form, dataset } = composer;
  const key = dataset.draftKey;
  if (!key) return;
  const name = `hearth-draft:${key}`;
  const member = "member" in dataset;
  let timer = 0;

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(name) ?? "null");
    } catch {
      return null;
    }
  };
  const write = (value) => {
    try {
      if (value) localStorage.setItem(name, JSON.stringify(value));
      else localStorage.removeItem(name);
    } catch {
      // private mode: the server keeps members' drafts
    }
  };

  const save = async () => {
    const now = fields(form);
    write(now.body || now.subject ? now : null);
    if (!member) return;
    const body = new URLSearchParams({ key, ...now });
    const answer = await fetch("/questions/drafts/save/", { method: "POST", body, headers: { "X-CSRFToken": token(form) } }).catch(() => null);
    if (!answer?.ok) return;
    write(null);
    composer.say(new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) + " ✓");
  };

  const left = read();
  if (left && !composer.area.value) {
    for (const [field, value] of Object.entries(left)) {
      if (form.elements[field] && !form.elements[field].value) form.elements[field].value = value;
    }
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    if (member) write(null);
  });
};
