// What the parts of the editor share.

/** The form's CSRF token; guests' forms have none. */
export const token = (form) => form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

/** Fill {names} of a sentence from the template. */
export const fill = (sentence, values) => (sentence ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** Replace the selection the way typing would, so that undo works. */
export const insert = (area, text) => {
  area.focus();
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
};

const AROUND = { bold: ["**", "**"], italic: ["*", "*"], link: ["[", "](https://)"], code: ["`", "`"] };
const BEFORE = { list: "- ", quote: "> " };

const markLines = (area, sign) => {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  area.setSelectionRange(start, area.selectionEnd);
  const lines = area.value.slice(start, area.selectionEnd).split("\n");
  const off = lines.every((line) => line.startsWith(sign));
  insert(area, lines.map((line) => (off ? line.slice(sign.length) : sign + line)).join("\n"));
};

/** Do what a button of the toolbar says to the selection. */
export const mark = (area, kind) => {
  if (BEFORE[kind]) return markLines(area, BEFORE[kind]);
  const picked = area.value.slice(area.selectionStart, area.selectionEnd);
  if (kind === "code" && picked.includes("\n")) return insert(area, `\`\`\`\n${picked}\n\`\`\`\n`);
  const [before, after] = AROUND[kind];
  const start = area.selectionStart;
  insert(area, before + picked + after);
  const inside = start + before.length;
  if (!picked) area.setSelectionRange(inside, inside);
  else if (kind === "link") area.setSelectionRange(inside + picked.length + 2, inside + picked.length + after.length - 1);
};
