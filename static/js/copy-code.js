// <button data-copy-from="id">: copies the text of that element and says so for a moment.
const SHOWN = 2000;
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy-from]");
  const source = button && document.getElementById(button.dataset.copyFrom);
  if (!source || !navigator.clipboard) return;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
  } catch {
    getSelection().selectAllChildren(source);
    return;
  }
  const label = button.getAttribute("aria-label");
  button.setAttribute("aria-label", button.dataset.copied);
  button.title = button.dataset.copied;
  setTimeout(() => {
    button.setAttribute("aria-label", label);
    button.removeAttribute("title");
  }, SHOWN);
});
