// HTML from templates in which every value is escaped unless it is HTML itself.

/** HTML that was made by `html`, and nothing else: text from outside can't pass for it. */
export class Html {
  readonly text: string;
  private constructor(text: string) {
    this.text = text;
  }
  /** Fixed parts as they are, values escaped; null and false give nothing, lists their entries one after the other. */
  static from(parts: readonly string[], values: readonly HtmlValue[]): Html {
    return new Html(parts.map((part, n) => part + (n < values.length ? written(values[n]) : "")).join(""));
  }
}

export type HtmlValue = Html | string | number | null | false | readonly HtmlValue[];

export const html = (parts: TemplateStringsArray, ...values: HtmlValue[]): Html => Html.from(parts, values);

function written(value: HtmlValue): string {
  if (value === null || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "string" || typeof value === "number") return escaped(String(value));
  return value.map(written).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and for quoted attributes; control characters that HTML forbids are dropped. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, "") // oxlint-disable-line no-control-regex
    .replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
