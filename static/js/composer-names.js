// @people and #threads while typing: a listbox under the text, moved through with the arrow keys.
import { fill } from "./composer-text.js";

const PATTERN = /(?:^|[\s(])([@#])([\p{L}\p{N}_-]{1,30})$/u;
const PAUSE = 120;

const option = (name, id) => {
  const item = document.createElement("li");
  item.className = "option";
  item.id = id;
  item.role = "option";
  item.dataset.value = name.value;
  const detail = document.createElement("small");
  detail.textContent = name.detail;
  item.append(name.label, " ", detail);
  return item;
};

export const suggestNames = (composer) => {
  const { area, dataset } = composer;
  const list = composer.querySelector("[data-names]");
  let [at, asked, timer] = [-1, 0, 0];

  const close = () => {
    clearTimeout(timer);
    asked += 1;
    list.hidden = true;
    list.replaceChildren();
    area.removeAttribute("aria-activedescendant");
  };
  const before = () => area.value.slice(0, area.selectionStart).match(PATTERN);
  const choose = (item) => {
    const found = before();
    if (found) {
      area.setRangeText(`${item.dataset.value} `, area.selectionStart - found[2].length - 1, area.selectionStart, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    close();
    area.focus();
  };
  const point = (index) => {
    const items = [...list.children];
    at = (index + items.length) % items.length;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    items[at].scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", items[at].id);
  };
  const ask = async (found) => {
    const mine = ++asked;
    const query = new URLSearchParams({ kind: found[1] === "@" ? "mention" : "thread", q: found[2] });
    const answer = await fetch(`/questions/suggest/?${query}`).catch(() => null);
    const names = answer?.ok ? await answer.json() : [];
    if (mine !== asked) return;
    if (!names.length) return close();
    list.replaceChildren(...names.map((name, place) => option(name, `${list.id}-${place}`)));
    list.hidden = false;
    point(0);
    composer.querySelector("[data-aloud]").textContent = fill(dataset.sayNames, { n: names.length });
  };

  area.addEventListener("input", () => {
    clearTimeout(timer);
    const found = before();
    if (found) timer = setTimeout(ask, PAUSE, found);
    else close();
  });
  area.addEventListener("keydown", (event) => {
    if (list.hidden || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) point(at + step);
    else if (event.key === "Enter" || event.key === "Tab") choose(list.children[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const item = event.target.closest("[role=option]");
    if (item) choose(item);
  });
  area.addEventListener("blur", close);
};
