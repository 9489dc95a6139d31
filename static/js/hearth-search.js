// <hearth-search>: offers threads, people and tags under the search field; arrows move, Enter opens, Escape closes.
import { fill } from "./composer-text.js";

const PAUSE = 150;
const SHORTEST = 2;

const option = (offer, id) => {
  const item = document.createElement("li");
  item.className = "option";
  item.id = id;
  item.role = "option";
  item.dataset.url = offer.url;
  const [label, detail] = [document.createElement("span"), document.createElement("small")];
  label.textContent = offer.label;
  label.dir = "auto";
  detail.textContent = offer.detail;
  item.append(label, detail);
  return item;
};

customElements.define(
  "hearth-search",
  class extends HTMLElement {
    connectedCallback() {
      this.field = this.querySelector("input");
      if (!this.field || this.list) return;
      this.list = document.createElement("ul");
      Object.assign(this.list, { className: "menu__panel search__offers", id: "search-offers", role: "listbox", hidden: true });
      this.list.setAttribute("aria-label", this.field.getAttribute("aria-label"));
      this.status = document.createElement("span");
      this.status.className = "sr-only";
      this.status.setAttribute("role", "status");
      this.append(this.list, this.status);
      const marks = { role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list" };
      for (const [name, value] of Object.entries(marks)) this.field.setAttribute(name, value);
      this.field.addEventListener("input", () => this.later());
      this.field.addEventListener("keydown", (event) => this.key(event));
      this.field.addEventListener("blur", () => this.close());
      this.list.addEventListener("pointerdown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => this.open(event.target.closest("[role=option]")));
    }

    later() {
      clearTimeout(this.timer);
      this.asking?.abort();
      if (this.field.value.trim().length < SHORTEST) return this.close();
      this.timer = setTimeout(() => this.ask(), PAUSE);
    }

    async ask() {
      this.asking = new AbortController();
      const { signal } = this.asking;
      const query = new URLSearchParams({ q: this.field.value });
      const answer = await fetch(`/search/suggest/?${query}`, { signal }).catch(() => null);
      const offers = answer?.ok ? (await answer.json().catch(() => null))?.results ?? [] : [];
      if (signal.aborted || document.activeElement !== this.field) return;
      if (!offers.length) return this.close();
      this.list.replaceChildren(...offers.map((offer, place) => option(offer, `${this.list.id}-${place}`)));
      this.show(true);
      this.point(-1);
      this.status.textContent = fill(this.dataset.say, { n: offers.length });
    }

    point(index) {
      const items = [...this.list.children];
      this.at = index < -1 ? items.length - 1 : index >= items.length ? -1 : index;
      items.forEach((item, place) => item.setAttribute("aria-selected", String(place === this.at)));
      if (this.at < 0) return this.field.removeAttribute("aria-activedescendant");
      items[this.at].scrollIntoView({ block: "nearest" });
      this.field.setAttribute("aria-activedescendant", items[this.at].id);
    }

    key(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape" && !this.list.hidden) this.close();
      else if (this.list.hidden) return;
      else if (step) this.point(this.at + step);
      else if (event.key === "Enter" && this.at >= 0) this.open(this.list.children[this.at]);
      else return;
      event.preventDefault();
    }

    open(item) {
      if (item) location.assign(item.dataset.url);
    }

    show(visible) {
      this.list.hidden = !visible;
      this.field.setAttribute("aria-expanded", String(visible));
    }

    close() {
      clearTimeout(this.timer);
      this.asking?.abort();
      this.show(false);
      this.list.replaceChildren();
      this.field.removeAttribute("aria-activedescendant");
    }
  },
);
