// Images by paste, drop or pick: sent at once, shown as a row while they travel, put into the text when they are there.
import { fill, insert, token } from "./composer-text.js";

const MEGA = 1024 * 1024;

const send = (form, file, { onProgress, onStart }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/questions/uploads/");
    request.setRequestHeader("X-CSRFToken", token(form));
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
    request.addEventListener("load", () => (request.status === 201 ? resolve(request.response) : reject(new Error(request.response?.detail ?? ""))));
    request.addEventListener("error", () => reject(new Error("")));
    const data = new FormData();
    data.append("file", file);
    onStart(request);
    request.send(data);
  });

const size = (bytes) => (bytes < MEGA ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / MEGA).toFixed(1)} MB`);

export const addImages = (composer) => {
  const { area, form, dataset } = composer;
  const list = composer.querySelector("[data-uploads]");
  const pattern = composer.querySelector("template[data-upload]");

  const show = (file) => {
    const box = pattern.content.firstElementChild.cloneNode(true);
    const [label, bar] = [box.querySelector("[data-name]"), box.querySelector("progress")];
    const [again, remove] = [box.querySelector("[data-again]"), box.querySelector("[data-remove]")];
    label.textContent = `${file.name}, ${size(file.size)}`;
    bar.setAttribute("aria-label", file.name);
    remove.setAttribute("aria-label", fill(remove.getAttribute("aria-label"), { name: file.name }));
    list.append(box);
    return { box, label, bar, again, remove };
  };

  const add = async (file) => {
    const { box, label, bar, again, remove } = show(file);
    let request;
    remove.addEventListener("click", () => {
      request?.abort();
      box.remove();
      area.focus();
    });
    again.addEventListener("click", () => {
      box.remove();
      add(file);
    });
    try {
      if (file.size > Number(dataset.imageLimit)) throw new Error(dataset.sayBig);
      const picture = await send(form, file, { onProgress: (part) => (bar.value = part), onStart: (one) => (request = one) });
      box.remove();
      const [start, name] = [area.selectionStart, file.name.replace(/\.\w+$/, "").replace(/[[\]]/g, "")];
      insert(area, `${start && area.value[start - 1] !== "\n" ? "\n" : ""}![${name}](${picture.url})\n`);
    } catch (error) {
      bar.remove();
      again.hidden = error.message === dataset.sayBig;
      label.textContent = `${file.name}: ${error.message || dataset.sayUnsent}`;
      label.className = "field__error";
      composer.say(label.textContent, true);
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
