// @people and #threads while typing: a listbox under the text, moved through with the arrow keys.
const PATTERN = /(?:^|[\s(])([@#])([\p{L}\p{N}_-]{1,30})$/u;

export const suggestNames = (composer) => {
  const { area } = composer;
  const list = composer.querySelector("[data-names]");
  if (!list) return;
  list.id ||= "composer-names";
  area.setAttribute("aria-controls", list.id);
  area.setAttribute("aria-autocomplete", "list");
  let at = -1;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    area.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const before = () => area.value.slice(0, area.selectionStart).match(PATTERN);
  const choose = (option) => {
    const found = before();
    if (found) {
      const start = area.selectionStart - found[2].length - 1;
      area.setRangeText(`${option.dataset.value} `, start, area.selectionStart, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    close();
    area.focus();
  };
  const point = (index) => {
    const options = [...list.children];
    at = (index + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    area.setAttribute("aria-activedescendant", options[at].id);
  };
  const show = (names) => {
    list.replaceChildren(
      ...names.map((name, place) => {
        const option = document.createElement("li");
        option.className = "option";
        option.id = `${list.id}-${place}`;
        option.role = "option";
        option.dataset.value = name.value;
        option.textContent = `${name.label} ${name.detail}`;
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          choose(option);
        });
        return option;
      }),
    );
    list.hidden = !names.length;
    if (names.length) point(0);
  };

  area.addEventListener("input", async () => {
    const found = before();
    if (!found) return close();
    const mine = ++asked;
    const query = new URLSearchParams({ kind: found[1] === "@" ? "mention" : "thread", q: found[2] });
    const answer = await fetch(`/questions/suggest/?${query}`).catch(() => null);
    if (answer?.ok && mine === asked) show(await answer.json());
  });
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      point(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      event.stopImmediatePropagation();
      choose(list.children[at]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  });
  area.addEventListener("blur", () => setTimeout(close, 150));
};
