// <hearth-questions page="/docs/install" section="Docs" theme="auto">: the questions of a docs page, in a frame.
// The content of the element shows until the frame has loaded, and stays when the forum does not answer.
(() => {
  const forum = new URL(document.currentScript.src).origin;
  const PATIENCE = 15000;
  const THEMES = ["light", "dark"];

  class HearthQuestions extends HTMLElement {
    static observedAttributes = ["theme", "page", "section"];

    constructor() {
      super();
      // In a shadow root no rule of the host page can show the fallback beside the frame, or restyle the frame.
      this.attachShadow({ mode: "open" }).append((this.fallback = document.createElement("slot")));
    }

    connectedCallback() {
      if (this.watcher || this.frame) return;
      Object.assign(this.style, { display: "block", minHeight: "20rem" });
      this.watcher = new IntersectionObserver(
        (entries) => entries.some((entry) => entry.isIntersecting) && this.load(),
        { rootMargin: "600px" },
      );
      this.watcher.observe(this);
    }

    disconnectedCallback() {
      this.watcher?.disconnect();
      this.stop();
      this.shadowRoot.replaceChildren(this.fallback);
      this.watcher = this.frame = null;
      this.heard = false;
    }

    attributeChangedCallback(name, before, now) {
      if (name === "theme") this.tell();
      else if (this.frame?.contentWindow && before !== now) this.frame.contentWindow.location.replace(this.address());
    }

    tell() {
      this.frame?.contentWindow?.postMessage({ hearth: "theme", theme: this.theme }, forum);
    }

    get theme() {
      const theme = this.getAttribute("theme");
      return THEMES.includes(theme) ? theme : "auto";
    }

    // The frame answers only the site it is shown on, so the page must be of this origin.
    get page() {
      const own = (url, what) => {
        if (url.origin === location.origin) return url;
        console.info(`hearth-questions: the ${what} ${url.href} is on another origin; using ${location.href} instead.`);
        return new URL(location.href);
      };
      const given = this.getAttribute("page");
      const canonical = document.querySelector("link[rel=canonical]")?.href || location.href;
      const base = own(new URL(canonical), "canonical address");
      return given ? own(new URL(given, base), "page attribute") : base;
    }

    address() {
      const { page } = this;
      const wanted = { page: page.origin + page.pathname, theme: this.theme };
      if (this.hasAttribute("section")) wanted.section = this.getAttribute("section");
      return `${forum}/embed/questions/?${new URLSearchParams(wanted)}`;
    }

    load() {
      this.watcher.disconnect();
      if (this.frame) return;
      const frame = (this.frame = document.createElement("iframe"));
      frame.title = this.getAttribute("label") || "Questions about this page";
      frame.referrerPolicy = "strict-origin";
      frame.src = this.address();
      Object.assign(frame.style, { width: "100%", height: "0", border: "0", display: "block" });
      this.hear = (event) => event.origin === forum && event.source === frame.contentWindow && this.take(event.data);
      addEventListener("message", this.hear);
      this.timer = setTimeout(() => this.giveUp(), PATIENCE);
      this.shadowRoot.append(frame);
    }

    take(said) {
      if (said?.hearth !== "height" || !(said.height > 0 && said.height < 100000)) return;
      clearTimeout(this.timer);
      if (!this.heard) this.tell(); // the theme may have changed before the frame listened
      this.heard = true;
      this.style.minHeight = "";
      this.frame.style.height = `${Math.ceil(said.height)}px`;
      this.fallback.remove();
    }

    giveUp() {
      this.stop();
      this.frame.remove();
      this.style.minHeight = "";
    }

    stop() {
      clearTimeout(this.timer);
      removeEventListener("message", this.hear);
    }
  }

  customElements.get("hearth-questions") || customElements.define("hearth-questions", HearthQuestions);
})();
