// <hearth-selection data-words>: the bar of actions appears with the first row selected. Shift selects a range, x the focused
// row, Escape clears. The checkboxes belong to its form; without this file the bar is always there.
const TYPED = "input:not([type=checkbox]), textarea, select, [contenteditable]";

customElements.define(
  "hearth-selection",
  class extends HTMLElement {
    connectedCallback() {
      this.form = this.querySelector("form");
      this.count = this.querySelector("[data-count]");
      const stop = new AbortController();
      const on = (target, name, act) => target.addEventListener(name, act, { signal: stop.signal });
      this.stop = () => stop.abort();
      on(document, "click", (event) => this.press(event));
      on(document, "keydown", (event) => this.key(event));
      on(document, "change", (event) => event.target.form === this.form && this.show());
      on(this.form, "reset", () => setTimeout(() => this.show()));
      on(window, "pageshow", () => this.show());
      this.show();
    }
    disconnectedCallback() {
      this.stop();
    }
    get boxes() {
      return [...this.form.elements].filter((one) => one.name === "ids" && one.type === "checkbox");
    }
    show() {
      const number = this.boxes.filter((box) => box.checked).length;
      this.classList.toggle("dock--empty", number === 0);
      this.count.textContent = this.dataset.words.replace("{n}", number);
    }
    press(event) {
      const box = event.target;
      if (box.name !== "ids" || box.form !== this.form) return;
      this.select(box, event.shiftKey);
    }
    select(box, range) {
      const { boxes } = this;
      const [from, to] = [boxes.indexOf(this.last), boxes.indexOf(box)].sort((a, b) => a - b);
      if (range && from >= 0) for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
      this.last = box;
      this.show();
    }
    key(event) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPED)) return;
      if (event.key === "Escape" && !document.querySelector("details[data-menu][open], :popover-open")) {
        this.form.reset();
        return this.show();
      }
      if (event.key.toLowerCase() !== "x") return;
      const row = event.target.closest(".thread, .post, .record");
      const box = this.boxes.find((one) => row?.contains(one));
      if (!box) return;
      event.preventDefault();
      box.checked = !box.checked;
      this.select(box, event.shiftKey);
    }
  },
);
