// Images by paste, drop or pick: sent at once, shown as a row while they travel, put into the text when they are there.
import { insert, token } from "./composer-text.js";

const send = (form, file, onProgress) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/questions/uploads/");
    request.setRequestHeader("X-CSRFToken", token(form));
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
    request.addEventListener("load", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // an error page of a proxy
      }
      if (request.status === 201) resolve(answer);
      else reject(new Error(answer.detail ?? String(request.status)));
    });
    request.addEventListener("error", () => reject(new Error("offline")));
    const data = new FormData();
    data.append("file", file);
    request.send(data);
  });

const row = (name) => {
  const box = document.createElement("div");
  box.className = "upload";
  const label = document.createElement("span");
  label.className = "truncate";
  label.textContent = name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  box.append(label, bar);
  return { box, label, bar };
};

export const addImages = (composer) => {
  const { area, form } = composer;
  const list = composer.querySelector("[data-uploads]");

  const add = async (file) => {
    if (!file.type.startsWith("image/")) return;
    const { box, label, bar } = row(file.name || "image");
    list.append(box);
    try {
      const answer = await send(form, file, (part) => (bar.value = part));
      box.remove();
      insert(area, `${area.value && !area.value.endsWith("\n") ? "\n" : ""}![${file.name.replace(/[[\]]/g, "")}](${answer.url})\n`);
    } catch (error) {
      label.textContent = `${file.name}: ${error.message}`;
      bar.remove();
      setTimeout(() => box.remove(), 15_000);
    }
  };

  const take = (event, files) => {
    const pictures = [...files].filter((file) => file.type.startsWith("image/"));
    if (!pictures.length) return;
    event.preventDefault();
    pictures.forEach(add);
  };
  area.addEventListener("paste", (event) => take(event, event.clipboardData?.files ?? []));
  area.addEventListener("drop", (event) => take(event, event.dataTransfer?.files ?? []));
  composer.querySelector("[data-pick]")?.addEventListener("change", (event) => {
    [...event.target.files].forEach(add);
    event.target.value = "";
  });
};
