// <hearth-composer>: toolbar, preview, images, names, count, drafts and sending, around a plain <textarea>.
import { keepDraft } from "./composer-draft.js";
import { addImages } from "./composer-images.js";
import { suggestNames } from "./composer-names.js";
import { sendForm } from "./composer-send.js";
import { fill, mark, token } from "./composer-text.js";

const KEYS = { b: "bold", i: "italic", k: "link", e: "code" };
const PATIENCE = 300;
const WAITING = '<p class="skeleton"></p><p class="skeleton skeleton--short"></p>';

customElements.define(
  "hearth-composer",
  class extends HTMLElement {
    connectedCallback() {
      this.area = this.querySelector("textarea");
      this.form = this.closest("form");
      if (!this.area || !this.form || this.ready) return;
      this.ready = true;
      this.querySelector("[role=toolbar]").hidden = false;
      this.addEventListener("click", (event) => this.press(event));
      this.area.addEventListener("keydown", (event) => this.key(event));
      this.area.addEventListener("input", () => this.count());
      this.draft = keepDraft(this);
      addImages(this);
      suggestNames(this);
      sendForm(this);
      this.count();
    }

    say(words, isError = false) {
      const status = this.querySelector("[data-status]");
      status.textContent = words ?? "";
      status.classList.toggle("field__error", isError);
    }

    count() {
      const [n, limit] = [this.area.value.length, Number(this.dataset.limit)];
      const counter = this.querySelector("[data-count]");
      const words = n > limit ? this.dataset.sayOver : this.dataset.sayCount;
      counter.textContent = n > limit * 0.9 ? fill(words, { n: n.toLocaleString(), limit: limit.toLocaleString() }) : "";
      counter.classList.toggle("field__error", n > limit);
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
      preview.replaceChildren();
      const late = setTimeout(() => (preview.innerHTML = WAITING), PATIENCE);
      const body = new URLSearchParams({ body: this.area.value });
      const answer = await fetch("/questions/preview/", { method: "POST", body, headers: { "X-CSRFToken": token(this.form) } }).catch(() => null);
      clearTimeout(late);
      if (answer?.ok || answer?.status === 400) return (preview.innerHTML = await answer.text());
      preview.replaceChildren();
      this.say(this.dataset.sayUnseen, true);
    }
  },
);
