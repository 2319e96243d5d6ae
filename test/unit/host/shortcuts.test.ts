// Keys decide about the case on the screen, one part at a time, and only while nothing lies over it.
import { describe, expect, it, vi } from "vitest";
import type { AppState } from "#host/app-state";
import { isUsableKey, keyLabel, withKey } from "#host/key-map";
import { loadPreferences, savePreferences } from "#host/preferences";
import {
  everyShortcut,
  listenForShortcuts,
  shortcuts,
  type ListenOptions,
  type Shortcut,
} from "#host/shortcuts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { headless, type Headless } from "./headless.ts";
import { smallSeries, smallVolume } from "./small-case.ts";

/** As much of an element as the listener asks. */
class Element {
  readonly #inside: readonly string[];
  constructor(...inside: string[]) {
    this.#inside = inside;
  }
  closest(selector: string): Element | null {
    return this.#inside.some((tag) => selector.split(/, ?/).includes(tag)) ? this : null;
  }
  matches(selector: string): boolean {
    return this.#inside.includes("focused button") && selector.endsWith(":focus-visible");
  }
}
vi.stubGlobal("HTMLElement", Element);

async function open(
  how: ListenOptions = {},
  leftToHost = (_verbId: string) => false,
): Promise<{
  host: Headless;
  press: (key: string, more?: object) => void;
  ran: () => number;
}> {
  let count = 0;
  const counting: typeof plugin = {
    ...plugin,
    activate(given) {
      const made = plugin.activate(given);
      const run = () => void count++;
      return {
        ...made,
        commands: {
          ...made.commands,
          "cement-leakage/not-cement": { run },
          "cement-leakage/accept": { run },
        },
      };
    },
  };
  const host = headless([counting], {}, null, { leftToHost });
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  let listener = (_event: KeyboardEvent): void => undefined;
  const window = {
    addEventListener: (_type: string, added: typeof listener) => void (listener = added),
    removeEventListener: () => undefined,
  };
  listenForShortcuts(host.app, window as unknown as HTMLElement, how);
  const press = (key: string, more: object = {}) => {
    const event = { key, target: new Element(), repeat: false, preventDefault: () => undefined, ...more };
    listener({ composedPath: () => [event.target], ...event } as unknown as KeyboardEvent);
  };
  return { host, press, ran: () => count };
}

describe("a key", () => {
  it("decides once, however long it is held down", async () => {
    const { press, ran } = await open();
    press("x");
    press("x", { repeat: true });
    expect(ran()).toBe(1);
  });

  it("does nothing to the case beneath a dialog", async () => {
    const { host, press, ran } = await open();
    const over: Partial<AppState>[] = [
      { choosing: "prior" },
      { waitingObjects: [{ path: "f.json", kind: "JSON", bytes: new Uint8Array() }] },
      { keysShown: true },
    ];
    for (const change of over) {
      const before = host.app.state.get();
      host.app.store.update(change);
      press("x");
      host.app.store.update(before);
    }
    expect(ran()).toBe(0);
    press("x");
    expect(ran()).toBe(1);
  });

  it("is left to a menu, to a field, and to a button that was reached by keyboard", async () => {
    const { press, ran } = await open();
    press("x", { target: new Element("[role=menu]") });
    press("x", { target: new Element("input", "input[type=text]") });
    press("Enter", { target: new Element("focused button") });
    expect(ran()).toBe(0);
    press("Enter", { target: new Element("button") });
    expect(ran()).toBe(1);
  });
});

describe("a key in a page of another viewer", () => {
  it("is kept from that page where it is a verb's, and left to it where not", async () => {
    const { press, ran } = await open({ alone: true }, (id) => id === "cement-leakage/accept");
    const stopped: string[] = [];
    const pressed = (key: string) => press(key, { stopPropagation: () => void stopped.push(key) });
    for (const key of ["x", "Enter", "F12"]) pressed(key);
    expect(stopped).toEqual(["x"]);
    expect(ran()).toBe(1);
  });

  it("stands in the list of keys only where it does something, and is taken all the same", async () => {
    const { host } = await open({}, (id) => id === "host/four-views");
    const ids = (verbs: readonly Shortcut[]) => verbs.map(({ id }) => id);
    expect(ids(shortcuts(host.app))).not.toContain("host/four-views");
    expect(ids(shortcuts(host.app))).toContain("host/fit");
    expect(ids(everyShortcut(host.app))).toContain("host/four-views");
  });

  it("is left to a field inside a shadow tree", async () => {
    const { press, ran } = await open();
    press("x", { composedPath: () => [new Element("input", "input[type=text]"), new Element()] });
    expect(ran()).toBe(0);
  });
});

describe("a changed key", () => {
  it("runs its verb, and the old key no longer does", async () => {
    const { host, press, ran } = await open();
    host.app.setKeyMap({ "cement-leakage/not-cement": "q" });
    press("x");
    expect(ran()).toBe(0);
    press("q");
    expect(ran()).toBe(1);
  });

  it("taken from another verb leaves that one without a key", async () => {
    const { host, press, ran } = await open();
    const [taken] = shortcuts(host.app).filter(({ keys }) => keys === "c");
    host.app.setKeyMap(withKey({}, "cement-leakage/not-cement", "c", taken.id));
    const keysNow = new Map(shortcuts(host.app).map(({ id, keys }) => [id, keys]));
    expect([keysNow.get(taken.id), keysNow.get("cement-leakage/not-cement")]).toEqual(["", "c"]);
    press("c");
    expect(ran()).toBe(1);
  });

  it("is kept in the preferences and comes back, and an unreadable store is forgotten", async () => {
    const { host } = await open();
    const kept = new Map<string, string>();
    const storage = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
    };
    savePreferences(host.app, storage);
    host.app.setKeyMap({ "host/slab": "q" });
    expect(loadPreferences(storage, "en").keyMap).toEqual({ "host/slab": "q" });
    kept.set("preferences", '{"keyMap": 3}');
    expect(loadPreferences(storage, "en").keyMap).toEqual({});
  });

  it("is refused where the browser needs it, and shown as a reader says it", () => {
    expect(["Tab", "F5", "Ctrl+w", "Shift", "Ctrl+Control"].filter(isUsableKey)).toEqual([]);
    expect(["q", "Ctrl+Enter", "F9", "+"].every(isUsableKey)).toBe(true);
    expect(["Ctrl+Shift+z", "Shift+a", "Enter", "+", "Ctrl++"].map(keyLabel)).toEqual([
      "Ctrl ⇧Z",
      "⇧A",
      "↵",
      "+",
      "Ctrl +",
    ]);
  });

  it("as declared belongs to one verb only, host and plugin together", async () => {
    const { host } = await open();
    const taken = shortcuts(host.app)
      .map(({ keys }) => keys)
      .filter((keys) => keys !== "");
    expect(new Set(taken).size).toBe(taken.length);
  });
});
