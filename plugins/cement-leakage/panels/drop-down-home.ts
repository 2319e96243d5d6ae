// Where drop-downs and dialogs of a panel are drawn when the panel lies in a shadow tree, whose styles don't reach the page's body.

/**
 * An element inside the panel's one, in the browser's top layer, so that nothing around the panel cuts off what stands in it; null where
 * the page's body does as well. `className` is what the theme's variables hang on.
 */
export function dropDownHome(panel: HTMLElement, className: string): HTMLElement | null {
  if (!(panel.getRootNode() instanceof ShadowRoot)) return null;
  const home = document.createElement("div");
  home.className = className;
  home.popover = "manual";
  Object.assign(home.style, {
    inset: "0 auto auto 0",
    // As wide as the page, so that words in it break where they would anywhere; without height it covers nothing.
    width: "100vw",
    height: "0",
    margin: "0",
    padding: "0",
    border: "0",
    overflow: "visible",
    background: "none",
    color: "var(--mantine-color-text)",
  });
  panel.append(home);
  home.showPopover();
  return home;
}
