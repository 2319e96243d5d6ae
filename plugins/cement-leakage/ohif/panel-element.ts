// The custom element that OHIF puts into its side panel: a shadow tree, so that OHIF's styles and ours don't meet.

/** Fills the element and returns its stop. */
export type Fill = (element: HTMLElement) => () => void;

/** Declares `tag` for the page. What fills it is asked for each time that OHIF mounts it, and may come later. */
export function definePanelElement(
  tag: string,
  styles: Promise<CSSStyleSheet>,
  filling: () => Promise<Fill>,
): void {
  if (customElements.get(tag)) return;
  customElements.define(
    tag,
    class extends HTMLElement {
      #stop: (() => void) | null = null;

      connectedCallback(): void {
        const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
        this.style.cssText = "display:block;height:100%;min-height:0";
        void Promise.all([styles, filling()]).then(([sheet, fill]) => {
          if (!this.isConnected || this.#stop) return;
          shadow.adoptedStyleSheets = [sheet];
          const inside = document.createElement("div");
          inside.style.cssText = "height:100%";
          shadow.replaceChildren(inside);
          leaveTypingAlone(inside);
          this.#stop = fill(inside);
        });
      }

      disconnectedCallback(): void {
        this.#stop?.();
        this.#stop = null;
      }
    },
  );
}

/** What is typed into a field here looks to OHIF like keys pressed on the element, which it would take for its own. */
function leaveTypingAlone(inside: HTMLElement): void {
  for (const kind of ["keydown", "keypress", "keyup"])
    inside.addEventListener(kind, (event) => {
      const [at] = event.composedPath();
      if (at instanceof HTMLElement && at.matches("input, textarea, select, [contenteditable]"))
        event.stopPropagation();
    });
}

/** The styles that the build wrote beside the module. */
export async function styleSheetAt(url: string): Promise<CSSStyleSheet> {
  const sheet = new CSSStyleSheet();
  const answer = await fetch(url);
  if (answer.ok) await sheet.replace(await answer.text());
  return sheet;
}
