// Toasts can be closed, and say what a script could not do.
const toasts = document.getElementById("toasts");

const allowClosing = (toast) => {
  const button = toast.querySelector("[data-close]");
  if (button) button.hidden = false;
};

const say = (words) => {
  const toast = document.createElement("div");
  toast.className = "row toast toast--danger";
  toast.textContent = words;
  toasts.replaceChildren(toast);
};

if (toasts) {
  toasts.querySelectorAll(".toast").forEach(allowClosing);
  toasts.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) event.target.closest(".toast").remove();
  });
  // An error page of ours holds the sentence; anything else gets ours.
  document.addEventListener("htmx:response:error", (event) => {
    const { response, text } = event.detail.ctx;
    const page = new DOMParser().parseFromString(response.status < 500 ? text : "", "text/html");
    say(page.querySelector("main > p")?.textContent || toasts.dataset.sayFailed);
  });
  document.addEventListener("htmx:error", () => say(toasts.dataset.sayFailed));
}
