// <hearth-questions page="/docs/install" section="Docs" theme="auto">: the questions of a docs page, in a frame.
// Leaves nothing behind but the element. If the community does not answer, the page stays as it was.
(() => {
  const forum = new URL(document.currentScript.src).origin;
  const PATIENCE = 15000;
  const THEMES = ["light", "dark"];

  class HearthQuestions extends HTMLElement {
    static observedAttributes = ["theme"];

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
      this.watcher = this.frame = null;
      this.heard = false;
    }

    attributeChangedCallback() {
      this.tell();
    }

    tell() {
      this.frame?.contentWindow?.postMessage({ hearth: "theme", theme: this.theme }, forum);
    }

    get theme() {
      const theme = this.getAttribute("theme");
      return THEMES.includes(theme) ? theme : "auto";
    }

    address() {
      const canonical = document.querySelector("link[rel=canonical]")?.href || location.href;
      const page = new URL(this.getAttribute("page") || canonical, canonical);
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
      this.append(frame);
    }

    take(said) {
      if (said?.hearth !== "height" || !(said.height > 0 && said.height < 100000)) return;
      clearTimeout(this.timer);
      if (!this.heard) this.tell(); // it may have changed before the frame listened
      this.heard = true;
      this.style.minHeight = "";
      this.frame.style.height = `${Math.ceil(said.height)}px`;
      for (const child of this.children) child.hidden = child !== this.frame;
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
