// <hearth-news data-url>: asks twice a minute whether there are new replies, and says so without moving anything.
const EVERY = 30_000;

customElements.define(
  "hearth-news",
  class extends HTMLElement {
    connectedCallback() {
      this.setAttribute("role", "status");
      this.timer = setInterval(() => this.ask(), EVERY);
    }
    disconnectedCallback() {
      clearInterval(this.timer);
    }
    async ask() {
      if (document.hidden) return;
      try {
        const answer = await fetch(this.dataset.url);
        const html = answer.ok ? (await answer.text()).trim() : "";
        if (html && html !== this.innerHTML.trim()) this.innerHTML = html;
      } catch {
        // offline: the next round asks again
      }
    }
  },
);
