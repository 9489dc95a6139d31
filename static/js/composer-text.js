// What the parts of the editor share.

/** The form's CSRF token; guests' forms have none. */
export const token = (form) => form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

/** Replace the selection the way typing would, so that undo works. */
export const insert = (area, text) => {
  area.focus();
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
};
