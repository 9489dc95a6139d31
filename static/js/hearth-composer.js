// <hearth-composer>: toolbar, preview, images, names, count, drafts around a plain <textarea>.
import { keepDraft } from "./composer-draft.js";
import { addImages } from "./composer-images.js";
import { suggestNames } from "./composer-names.js";
import { insert, token } from "./composer-text.js";

const MARKS = {
  bold: ["**", "**"],
  italic: ["*", "*"],
  link: ["[", "](https://)"],
  list: ["- ", "", "line"],
  quote: ["> ", "", "line"],
  code: ["`", "`"],
};
const KEYS = { b: "bold", i: "italic", k: "link", e: "code" };

const mark = (area, kind) => {
  const [before, after, by] = MARKS[kind];
  const picked = area.value.slice(area.selectionStart, area.selectionEnd);
  if (by === "line") return insert(area, picked.split("\n").map((line) => before + line).join("\n"));
  if (kind === "code" && picked.includes("\n")) return insert(area, `\`\`\`\n${picked}\n\`\`\`\n`);
  const at = area.selectionStart + before.length;
  insert(area, before + picked + after);
  if (!picked) area.setSelectionRange(at, at);
};

customElements.define(
  "hearth-composer",
  class extends HTMLElement {
    connectedCallback() {
      this.area = this.querySelector("textarea");
      this.form = this.closest("form");
      this.bar = this.querySelector("[role=toolbar]");
      if (!this.area || !this.form) return;
      if (this.bar) this.bar.hidden = false;
      this.addEventListener("click", (event) => this.press(event));
      this.area.addEventListener("keydown", (event) => this.key(event));
      this.area.addEventListener("input", () => this.count());
      addImages(this);
      suggestNames(this);
      keepDraft(this);
      this.count();
    }

    say(text) {
      this.querySelector("[data-status]").textContent = text;
    }

    count() {
      const limit = Number(this.dataset.limit);
      const left = limit - this.area.value.length;
      this.querySelector("[data-count]").textContent = left < limit / 10 ? `${this.area.value.length} / ${limit}` : "";
    }

    press(event) {
      const button = event.target.closest("button");
      if (button?.dataset.md) mark(this.area, button.dataset.md);
      if (button?.dataset.mode) this.show(button.dataset.mode);
    }

    key(event) {
      if (!(event.ctrlKey || event.metaKey)) return;
      if (event.key === "Enter") {
        event.preventDefault();
        this.form.requestSubmit(this.form.querySelector("button.btn--primary[type=submit]") ?? undefined);
      } else if (KEYS[event.key] && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        mark(this.area, KEYS[event.key]);
      }
    }

    async show(mode) {
      const preview = this.querySelector("[data-preview]");
      this.querySelectorAll("[data-mode]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.mode === mode)));
      this.area.hidden = mode === "preview";
      preview.hidden = mode !== "preview";
      if (mode !== "preview") return this.area.focus();
      const body = new URLSearchParams({ body: this.area.value });
      const answer = await fetch("/questions/preview/", { method: "POST", body, headers: { "X-CSRFToken": token(this.form) } }).catch(() => null);
      if (answer) preview.innerHTML = await answer.text();
      else this.say(this.dataset.offline ?? "");
    }
  },
);
