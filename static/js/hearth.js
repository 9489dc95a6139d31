// Everything works without this file; it makes pages quicker to use. Small elements, one behaviour each.
import { setBusy } from "./busy.js";
import "./copy-code.js";
import "./hearth-bell.js";
import "./hearth-composer.js";
import "./hearth-news.js";
import "./hearth-search.js";
import "./hearth-similar.js";
import "./hearth-time.js";
import "./toasts.js";

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

// One press posts once. The editor sends by itself, and htmx what carries hx-post.
const SOON = 8000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  const release = setBusy(event.submitter?.dataset.busy ? event.submitter : null);
  setTimeout(() => {
    delete form.dataset.sent;
    release();
  }, SOON);
});

// "Link to this post" copies; where that is not allowed it stays a link.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  await navigator.clipboard.writeText(link.href).catch(() => location.assign(link.href));
  closeMenus();
});
