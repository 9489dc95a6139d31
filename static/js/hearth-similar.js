// <hearth-similar data-form>: shows threads like the question while it is typed; "This solved it" discards the draft.
import { token } from "./composer-text.js";

const PAUSE = 600;
const SHORTEST = 8;

customElements.define(
  "hearth-similar",
  class extends HTMLElement {
    connectedCallback() {
      this.form = document.getElementById(this.dataset.form);
      if (!this.form || this.ready) return;
      this.ready = true;
      this.form.querySelector("[data-look]")?.remove();
      this.form.addEventListener("input", () => this.later());
      this.addEventListener("submit", () => this.forget());
      this.later();
    }

    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), PAUSE);
    }

    async ask() {
      const { subject, tags, body } = this.form.elements;
      const asked = { subject: subject.value, tags: tags.value, body: body.value.slice(0, 3000) };
      const key = JSON.stringify(asked);
      if (key === this.asked || subject.value.trim().length < SHORTEST) return;
      this.asked = key;
      const headers = { "X-CSRFToken": token(this.form) };
      const answer = await fetch("/questions/similar/", { method: "POST", body: new URLSearchParams(asked), headers }).catch(() => null);
      if (answer?.ok && key === this.asked) this.innerHTML = await answer.text();
    }

    /** Discards the draft: the question is solved. */
    forget() {
      this.form.querySelector("hearth-composer")?.draft?.drop();
    }
  },
);
