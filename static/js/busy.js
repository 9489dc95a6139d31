// A pressed button keeps its width and says what it does, until it is released.
const pressed = new Set();

/** Set a button busy. Returns what releases it; given words, the button says those from then on. */
export const setBusy = (button) => {
  if (!button) return () => {};
  const before = button.innerHTML;
  const release = (words) => {
    pressed.delete(release);
    button.removeAttribute("aria-busy");
    if (words) button.textContent = words;
    else button.innerHTML = before;
  };
  button.style.setProperty("min-width", `${button.offsetWidth}px`);
  button.setAttribute("aria-busy", "true");
  if (button.dataset.busy) button.textContent = button.dataset.busy;
  pressed.add(release);
  return release;
};

// A page that comes back from the browser's memory is not waiting for anything.
addEventListener("pageshow", (event) => {
  if (event.persisted) pressed.forEach((release) => release());
});
