// What a screen reader and a weak eye meet on the page now: controls without a name, broken roles, text with too little contrast.
import type { Page } from "playwright-core";

/** Each fault as "what: which element"; empty when there is none. Covers the rules of axe that this app can break seriously. */
export const accessibilityFaults = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const shown = (element: Element): boolean =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.closest("[aria-hidden=true]") === null;
    const textOf = (element: Element): string => {
      if (element.getAttribute("aria-hidden") === "true") return "";
      const own = element.getAttribute("aria-label");
      if (own) return own;
      return [...element.childNodes]
        .map((node) =>
          node instanceof Text ? (node.textContent ?? "") : node instanceof Element ? textOf(node) : "",
        )
        .join(" ");
    };
    const byIds = (ids: string | null): string =>
      (ids ?? "")
        .split(/\s+/)
        .filter(Boolean)
        .map((id) => document.getElementById(id)?.textContent ?? "")
        .join(" ");
    const nameOf = (element: Element): string => {
      const labels = "labels" in element ? [...((element.labels as NodeListOf<Element> | null) ?? [])] : [];
      const field = element.matches("input, select, textarea");
      return (
        byIds(element.getAttribute("aria-labelledby")) ||
        element.getAttribute("aria-label") ||
        labels.map((label) => label.textContent ?? "").join(" ") ||
        (field ? "" : textOf(element)) ||
        element.getAttribute("title") ||
        element.getAttribute("alt") ||
        ""
      );
    };
    const which = (element: Element): string =>
      `<${element.tagName.toLowerCase()}${element.id ? ` id=${element.id}` : ""} class="${element.getAttribute("class")?.split(" ").at(-1) ?? ""}"> "${(element.textContent ?? "").trim().slice(0, 40)}"`;
    const faults: string[] = [];
    const controls = [
      ...document.querySelectorAll(
        "button, a[href], input:not([type=hidden]), select, textarea, summary, [role=option], [role=tab], [role=menuitem], [role=slider], [role=radio], [role=dialog], [role=img], [role=listbox], [role=toolbar]",
      ),
    ].filter(shown);
    for (const control of controls) {
      if (!/[\p{L}\p{N}]/u.test(nameOf(control))) faults.push(`no name: ${which(control)}`);
      if (control.parentElement?.closest("button, a[href]")) faults.push(`nested: ${which(control)}`);
    }
    for (const option of document.querySelectorAll("[role=option]"))
      if (!option.closest("[role=listbox]")) faults.push(`option outside a listbox: ${which(option)}`);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    for (const twice of new Set(ids.filter((id, at) => ids.indexOf(id) !== at)))
      faults.push(`id twice: ${twice}`);
    if (!document.documentElement.lang) faults.push("the page says no language");
    if (!document.title) faults.push("the page has no title");

    type Rgba = readonly [number, number, number, number];
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (color: string): Rgba => {
      if (!canvas) return [0, 0, 0, 0];
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    };
    const over = (top: Rgba, under: Rgba): Rgba => [
      top[0] * top[3] + under[0] * (1 - top[3]),
      top[1] * top[3] + under[1] * (1 - top[3]),
      top[2] * top[3] + under[2] * (1 - top[3]),
      1,
    ];
    const light = ([r, g, b]: Rgba): number => {
      const [x, y, z] = [r, g, b]
        .map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const backOf = (element: Element): Rgba => {
      const chain: Rgba[] = [];
      for (let at: Element | null = element; at; at = at.parentElement)
        chain.push(rgba(getComputedStyle(at).backgroundColor));
      return chain.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const seen = new Set<string>();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!element || !/[\p{L}\p{N}]/u.test(node.textContent ?? "") || !shown(element)) continue;
      // Over images the ground is the image; what can't be used needs no contrast (WCAG 1.4.3).
      if (element.closest("[data-view], svg, [aria-disabled=true], [disabled], [data-disabled]")) continue;
      const style = getComputedStyle(element);
      const ground = backOf(element);
      let ink = rgba(style.color);
      for (let at: Element | null = element; at; at = at.parentElement)
        ink = [ink[0], ink[1], ink[2], ink[3] * Number(getComputedStyle(at).opacity)];
      const [a, b] = [light(over(ink, ground)), light(ground)].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      const px = Number.parseFloat(style.fontSize);
      const large = px >= 24 || (px >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio >= (large ? 3 : 4.5) - 0.05) continue;
      const said = `contrast ${ratio.toFixed(1)}: ${which(element)}`;
      if (!seen.has(said)) faults.push(said);
      seen.add(said);
    }
    return faults;
  });

/** Visible words in Latin letters on a Chinese page, without what belongs to the case, to a key or to a unit. */
export const latinWords = (page: Page, allowed: RegExp): Promise<string[]> =>
  page.evaluate(
    ([source]) => {
      const found = new Set<string>();
      const permitted = new RegExp(source, "g");
      const take = (text: string | null): void => {
        const left = (text ?? "").replaceAll(permitted, " ");
        if (/[A-Za-z]{3,}/.test(left)) found.add((text ?? "").trim());
      };
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (element && !element.closest("kbd, style, script") && element.checkVisibility())
          take(node.textContent);
      }
      for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]"))
        if (element.checkVisibility())
          for (const name of ["aria-label", "title", "placeholder"]) take(element.getAttribute(name));
      return [...found];
    },
    [allowed.source],
  );
