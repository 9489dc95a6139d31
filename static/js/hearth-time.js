// <hearth-time><time datetime>…</time></hearth-time>: keeps "5 min ago" current while the page is open.
// <body data-ago="{n} min ago|{n} h ago"> holds the short forms; days and the accessible name are spelled out by Intl.
const long = new Intl.RelativeTimeFormat(document.documentElement.lang || "en");
const STEPS = [["minute", 60], ["hour", 3600], ["day", 86400]];

const say = (time) => {
  const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
  if (!(seconds < 7 * 86400)) return;
  const step = Math.max(0, STEPS.findLastIndex(([, size]) => seconds >= size));
  const [unit, size] = STEPS[step];
  const count = Math.max(1, Math.floor(seconds / size));
  const words = long.format(-count, unit);
  const short = (document.body.dataset.ago ?? "").split("|")[step];
  time.textContent = short ? short.replace("{n}", count) : words;
  time.setAttribute("aria-label", words);
};

customElements.define(
  "hearth-time",
  class extends HTMLElement {
    connectedCallback() {
      const time = this.querySelector("time");
      if (!time) return;
      say(time);
      this.timer = setInterval(() => say(time), 60_000);
    }
    disconnectedCallback() {
      clearInterval(this.timer);
    }
  },
);
