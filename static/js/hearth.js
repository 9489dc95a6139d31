// Everything works without this file; it makes pages quicker to use. Small elements, one behaviour each.
import "./hearth-composer.js";
import "./hearth-news.js";
import "./hearth-time.js";

// Menus are <details data-menu>: close on a press elsewhere and on Escape, giving focus back.
const closeMenus = (except) =>
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// "/" goes to the search field, where there is one.
document.addEventListener("keydown", (event) => {
  const field = document.querySelector(".search input");
  if (event.key !== "/" || !field || event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  field.focus();
});

// One press posts once; the button keeps its width and says what it does.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) return event.preventDefault();
  const button = event.submitter;
  if (event.target.method !== "post" || event.target.matches("[data-vote]")) return;
  event.target.dataset.sent = "1";
  setTimeout(() => delete event.target.dataset.sent, 8000);
  if (!button?.dataset.busy) return;
  button.style.setProperty("min-width", `${button.offsetWidth}px`);
  button.setAttribute("aria-busy", "true");
  button.textContent = button.dataset.busy;
});

// A vote changes in place; when that fails the form goes its ordinary way.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-vote]");
  if (!form) return;
  event.preventDefault();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error();
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-vote]");
    form.replaceWith(fresh);
    fresh.querySelector("button").focus();
  } catch {
    form.removeAttribute("data-vote");
    form.submit();
  }
});

// "Link to this post" copies; where that is not allowed it stays a link.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  await navigator.clipboard.writeText(link.href).catch(() => location.assign(link.href));
  closeMenus();
});
