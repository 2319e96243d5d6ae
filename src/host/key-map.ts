// The reader's own keys: what differs from the keys that the verbs were declared with. An empty string is no key.

/** Keys by verb id, only those that the reader changed. */
export type KeyMap = Readonly<Record<string, string>>;

/** The viewer's own keys that sentences name (the others stand with their verbs). */
export const HOST_KEYS = { "host/overlays": "h" } as const;

export const keysFor = (map: KeyMap, id: string, declared: string | undefined): string =>
  map[id] ?? declared ?? "";

/** Keys that the browser needs for itself, or that lead through the page: never a verb's. */
const RESERVED: ReadonlySet<string> = new Set(
  ["Tab", "F5", "F11", "F12", "Ctrl+r", "Ctrl+w", "Ctrl+t", "Ctrl+n", "Ctrl+l", "Ctrl+c", "Ctrl+v"].flatMap(
    (keys) => [keys, `Shift+${keys}`],
  ),
);

/** Pressed alone, or by an input method in the middle of a character. */
const NO_KEY = /(^|\+)(Shift|Control|Alt|Meta|AltGraph|CapsLock|Dead|Process|Unidentified|Compose)$/;

export const isUsableKey = (keys: string): boolean => !RESERVED.has(keys) && !NO_KEY.test(keys);

const SIGNS: Readonly<Record<string, string>> = {
  Enter: "↵",
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  Delete: "Del",
};

/** "Ctrl+Shift+z" as a reader sees it: "Ctrl ⇧Z". */
export function keyLabel(keys: string): string {
  const parts = keys.split(/\+(?=.)/);
  const key = parts.pop() ?? "";
  const shown = SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return parts.map((modifier) => (modifier === "Shift" ? "⇧" : `${modifier} `)).join("") + shown;
}

/** The map after `keys` became the key of `id`; whoever had it, `from`, is left without one. */
export function withKey(map: KeyMap, id: string, keys: string, from: string | null): KeyMap {
  return { ...map, ...(from === null ? {} : { [from]: "" }), [id]: keys };
}
