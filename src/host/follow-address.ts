// The browser's address and the page on the screen follow each other. Nothing but a page's own filters ever stands in it.
import type { Pages } from "./pages.ts";

/** Until `stop`; the address at the start is followed first. */
export function followAddress(pages: Pages, window: Window): () => void {
  pages.goToHash(window.location.hash);
  const write = (hash: string): void => {
    if (window.location.hash === hash) return;
    // Filters replace each other; a page and the way out of it are steps that the browser's own button goes back.
    const samePage = pathOf(window.location.hash) === pathOf(hash) && hash !== "";
    const url = `${window.location.pathname}${window.location.search}${hash}`;
    if (samePage) window.history.replaceState(null, "", url);
    else window.history.pushState(null, "", url);
  };
  const stopWriting = pages.hash.subscribe(write);
  const read = (): void => pages.goToHash(window.location.hash);
  window.addEventListener("popstate", read);
  window.addEventListener("hashchange", read);
  return () => {
    stopWriting();
    window.removeEventListener("popstate", read);
    window.removeEventListener("hashchange", read);
  };
}

const pathOf = (hash: string): string => hash.split("?")[0];
