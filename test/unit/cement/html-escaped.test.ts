// Text from DICOM files never reaches HTML unescaped: the one page that is HTML escapes it, and nothing else in the app makes HTML.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { html } from "#cement/exports/html";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** Ways for a string to become elements or script. */
const RAW =
  /innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|\bsrcdoc\b|\bsrcDoc\b|document\.write|createContextualFragment|DOMParser|setHTMLUnsafe|\beval\(|new Function\(|javascript:/;

const codeOf = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(ts|tsx|mjs|html)$/.test(path))
    .map((path) => join(folder, path));

describe("HTML", () => {
  it("is made from a string at one place only: the printed page, in a frame without scripts", () => {
    const uses = [...codeOf("src"), ...codeOf("plugins")].flatMap((path) =>
      readFileSync(join(ROOT, path), "utf8")
        .split("\n")
        .filter((line) => RAW.test(line) && !line.trim().startsWith("//") && !line.trim().startsWith("*"))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(uses).toEqual(["src/host/downloads.ts: frame.srcdoc = html;"]);
    const downloads = readFileSync(join(ROOT, "src/host/downloads.ts"), "utf8");
    const sandbox = /setAttribute\("sandbox", "([^"]*)"\)/.exec(downloads)?.[1].split(" ") ?? [
      "allow-scripts",
    ];
    expect(sandbox).not.toContain("allow-scripts");
  });

  it.each([
    "<img src=x onerror=alert(1)>",
    "</td><script>alert(1)</script>",
    `" onload="alert(1)`,
    "' onload='alert(1)",
    "&lt;b&gt;",
    "<!--",
    "\u0000<\u0008b>",
  ])("has %j from a file as text, between tags and in attributes, alone and in lists", (hostile) => {
    const page = html`<p title="${hostile}">${hostile}${[hostile, [hostile]]}</p>`.text;
    const inside = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/.exec(page);
    expect(inside).not.toBeNull();
    expect(page).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/);
    expect(page).not.toContain("'");
  });

  it("of a value that only looks like our own is escaped too", () => {
    // What JSON.parse of a findings file could give.
    const forged: unknown = { text: "<b>" };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the mistake that is tried here
    expect(() => html`<p>${forged as string}</p>`.text).toThrow();
  });
});
