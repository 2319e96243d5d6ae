// The test language: English in marks, so that whatever stands on the screen without them was written past the text tables.
// The address `?lang=pseudo` speaks it for one visit.
import type { Locale } from "#core/problem";

/** Around each text that has its place in a table. Texts put together from others stand in marks within marks. */
const MARKS = ["⟦", "⟧"] as const;
const NAME = "pseudo";

const made = new WeakMap<object, unknown>();

/** The same text, function of text, list or table of them, in marks; the same object gives the same object. */
function marked(value: unknown): unknown {
  if (typeof value === "string") return MARKS.join(value);
  if (typeof value !== "object" && typeof value !== "function") return value;
  if (value === null) return value;
  const before = made.get(value);
  if (before !== undefined) return before;
  const after = markedOnce(value);
  made.set(value, after);
  return after;
}

function markedOnce(value: object): unknown {
  if (typeof value === "function")
    return (...given: unknown[]): unknown => marked(Reflect.apply(value, undefined, given));
  if (Array.isArray(value)) return value.map(marked);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, marked(inner)]));
}

/**
 * From now on every object with an `en` and a `zh` answers to the returned language as well. On the prototype, because the
 * texts stand in tables all over the program and each is asked by the name of the language.
 */
export function learnPseudoLanguage(): Locale {
  // Of the test language's page only, and gone with it.
  // oxlint-disable-next-line no-extend-native
  Object.defineProperty(Object.prototype, NAME, {
    configurable: true,
    get(this: object) {
      return "en" in this && "zh" in this ? marked(this.en) : undefined;
    },
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return NAME as string as Locale; // the type knows the languages that readers choose from; this one is for tests
}
