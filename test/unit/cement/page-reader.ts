// Reads a report page back: its measured numbers, its visible words and its tags. Shared by unit and browser tests.

export interface PageNumber {
  /** JSON pointer into the findings. */
  readonly field: string;
  readonly value: number;
  readonly text: string;
}

/** Every `data` element of the page. Fails on one without field or value. */
export function numbersOf(page: string): PageNumber[] {
  return [...page.matchAll(/<data\b([^>]*)>([^<]*)<\/data>/g)].map(([, attributes, text]) => {
    const field = /data-field="([^"]*)"/.exec(attributes)?.[1];
    const value = /value="([^"]*)"/.exec(attributes)?.[1];
    if (!field || !value) throw new Error(`a number without field or value: ${attributes}`);
    return { field, value: Number(value), text: plain(text) };
  });
}

/** What a JSON pointer names; undefined where it names nothing. */
export function atPointer(json: unknown, pointer: string): unknown {
  let at: unknown = json;
  for (const key of pointer.split("/").slice(1))
    at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined;
  return at;
}

const plain = (text: string): string =>
  text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");

/** What is read on paper, without the style; one space for each run of white space. */
export const wordsOf = (page: string): string =>
  plain(page.replace(/<style>[\s\S]*?<\/style>/g, "").replace(/<[^>]*>/g, " "))
    .replace(/\s+/g, " ")
    .trim();

/** The section of a page that is called so. */
export function partOf(page: string, name: string): string | null {
  const start = page.indexOf(`data-part="${name}"`);
  if (start < 0) return null;
  const tag = /<(\w+)[^<]*$/.exec(page.slice(0, start))?.[1] ?? "";
  const end = page.indexOf(`</${tag}>`, start);
  return `<${tag} ${page.slice(start, end)}</${tag}>`;
}

/** Names of all tags, in order; attributes of each as they stand. */
export const tagsOf = (page: string): { readonly name: string; readonly attributes: string }[] =>
  [...page.matchAll(/<([a-zA-Z][\w-]*)((?:\s[^>]*?)?)\s*\/?>/g)].map(([, name, attributes]) => ({
    name,
    attributes: attributes.trim(),
  }));
