// <hearth-bell data-url>: asks once a minute, while the page is seen, how much is unread. Stops when nobody is signed in; leads to the letter when a ban ended the session.
const EVERY = 60_000;

customElements.define(
  "hearth-bell",
  class extends HTMLElement {
    connectedCallback() {
      this.asked = Date.now();
      this.timer = setInterval(() => this.ask(), EVERY);
      this.seen = () => Date.now() - this.asked > EVERY / 2 && this.ask();
      document.addEventListener("visibilitychange", this.seen);
    }
    disconnectedCallback() {
      clearInterval(this.timer);
      document.removeEventListener("visibilitychange", this.seen);
    }
    async ask() {
      if (document.hidden) return;
      this.asked = Date.now();
      try {
        const answer = await fetch(this.dataset.url, { headers: { "HX-Request": "true" } });
        const to = answer.headers.get("HX-Redirect");
        if (to?.startsWith("/appeals/")) return location.assign(to);
        if (answer.status === 204) return this.disconnectedCallback();
        if (answer.ok) this.show((await answer.text()).trim());
      } catch {
        // offline: the next round asks again
      }
    }
    show(html) {
      if (html === this.innerHTML.trim()) return;
      const focused = this.contains(document.activeElement);
      this.innerHTML = html;
      if (focused) this.firstElementChild?.focus();
    }
  },
);
