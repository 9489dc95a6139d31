// <hearth-time><time datetime>…</time></hearth-time>: keeps "12 min" true while the page is open.
const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto", style: "narrow" });
const STEPS = [["minute", 60], ["hour", 3600], ["day", 86400]];

const say = (time) => {
  const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
  if (!(seconds < 8 * 86400)) return;
  const [unit, size] = STEPS.findLast(([, size]) => seconds >= size) ?? STEPS[0];
  time.textContent = words.format(-Math.max(1, Math.floor(seconds / size)), unit);
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
