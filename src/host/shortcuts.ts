// Keys to actions: one table for the host's and the plugins' keys, so that a clash can't go unseen.
import type { App } from "./app.ts";
import { BONE_WINDOW, CEMENT_WINDOW, SOFT_TISSUE_WINDOW } from "./app.ts";
import type { AppState } from "./app-state.ts";
import type { LocalText } from "./contract.ts";
import { HOST_KEYS, keysFor } from "./key-map.ts";

export interface Shortcut {
  readonly id: string;
  readonly keys: string;
  readonly title: LocalText;
  readonly group: LocalText;
  run(): void | Promise<void>;
  disabledReason?(): string | null;
}

const viewing: LocalText = { en: "Viewing", zh: "浏览" };
const editing: LocalText = { en: "Editing", zh: "编辑" };

/** "Ctrl+Shift+z" of a key event, in the fixed order Ctrl, Alt, Shift; ⌘ counts as Ctrl. Shift is named for letters only. */
export function keysOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const letter = /^[a-z]$/.test(key) || event.key.length > 1;
  return [
    event.ctrlKey || event.metaKey ? "Ctrl+" : "",
    event.altKey ? "Alt+" : "",
    event.shiftKey && letter ? "Shift+" : "",
    key === " " ? "Space" : key,
  ].join("");
}

/** The verbs that work here with the keys that they have now ("" is none), the host's first. */
export const shortcuts = (app: App): Shortcut[] => everyShortcut(app).filter(({ id }) => !app.leftToHost(id));

/** Also those that the host around does in ways of its own: a reader's keys hold in every host, so that theirs are taken too. */
export function everyShortcut(app: App): Shortcut[] {
  const scroll = (slices: number) => () => app.viewport.get()?.scroll("axial", slices);
  const own: Shortcut[] = [
    entry("host/window-cement", "c", "Cement window W 3000 L 1000", "骨水泥窗 W 3000 L 1000", viewing, () =>
      app.setWindow(CEMENT_WINDOW),
    ),
    entry("host/window-bone", "b", "Bone window W 2000 L 500", "骨窗 W 2000 L 500", viewing, () =>
      app.setWindow(BONE_WINDOW),
    ),
    entry("host/window-soft", "t", "Soft-tissue window W 400 L 40", "软组织窗 W 400 L 40", viewing, () =>
      app.setWindow(SOFT_TISSUE_WINDOW),
    ),
    entry(
      "host/slab",
      "m",
      "10 mm maximum slab on or off",
      "10 mm 最大密度层块 开/关",
      viewing,
      app.toggleSlab,
    ),
    entry(
      "host/overlays",
      HOST_KEYS["host/overlays"],
      "Hide or show what was found",
      "隐藏/显示标记",
      viewing,
      app.toggleOverlays,
    ),
    entry("host/one-view", "F2", "One view large: the next", "单视图放大：下一个", viewing, app.enlargeNext),
    entry("host/four-views", "F3", "All views", "全部视图", viewing, () => void app.setLayout("four")),
    entry("host/sacral-views", "F4", "Along the sacrum and through S1", "沿骶骨及经 S1 平面", viewing, () =>
      app.setLayout("sacral"),
    ),
    entry(
      "host/track-views",
      "F8",
      "Along the needle's line, or the leak's long axis",
      "沿穿刺针走行或渗漏长轴",
      viewing,
      () => app.setLayout("track"),
    ),
    entry("host/prior-views", "F10", "Earlier CT side by side", "与既往 CT 并排对照", viewing, () =>
      app.setLayout("prior"),
    ),
    entry("host/tilt-forward", "Shift+ArrowUp", "Lean the turned planes forward", "斜面前倾", viewing, () =>
      app.tilt(2),
    ),
    entry("host/tilt-back", "Shift+ArrowDown", "Lean the turned planes back", "斜面后倾", viewing, () =>
      app.tilt(-2),
    ),
    entry(
      "host/second",
      "F9",
      "Second reconstruction in place, or back",
      "原位切换第二种重建",
      viewing,
      app.toggleSecond,
    ),
    entry(
      "host/standard-view",
      "z",
      "3D from in front; again: left, behind, right, above, below",
      "三维：前面观；再按：左、后、右、上、下",
      viewing,
      () => app.viewport.get()?.lookFromSide(),
    ),
    entry("host/fit", "0", "Fit the images", "适合窗口", viewing, () => app.viewport.get()?.resetCamera()),
    entry("host/next-slice", "ArrowDown", "Next slice", "下一层", viewing, scroll(1)),
    entry("host/previous-slice", "ArrowUp", "Previous slice", "上一层", viewing, scroll(-1)),
    entry("host/five-on", "PageDown", "Five slices on", "向后五层", viewing, scroll(5)),
    entry("host/five-back", "PageUp", "Five slices back", "向前五层", viewing, scroll(-5)),
    entry("host/undo", "Ctrl+z", "Undo", "撤销", editing, app.undo),
    entry("host/redo", "Ctrl+Shift+z", "Redo", "重做", editing, app.redo),
    entry("host/smaller-brush", "[", "Smaller brush", "缩小画笔", editing, () =>
      app.setBrushRadius(app.state.get().brushRadiusMm - 0.5),
    ),
    entry("host/bigger-brush", "]", "Bigger brush", "放大画笔", editing, () =>
      app.setBrushRadius(app.state.get().brushRadiusMm + 0.5),
    ),
    entry("host/keys", "?", "Show the keys", "显示快捷键", viewing, () => app.showKeys(true)),
    entry("host/no-tool", "Escape", "Put the tool away", "取消工具", editing, () => app.activateTool(null)),
  ];
  const theirs = app.plugins.flatMap(({ manifest, implementation }): Shortcut[] => [
    ...manifest.commands.map((declared) => ({
      id: declared.id,
      keys: declared.shortcut ?? "",
      title: declared.title,
      group: declared.group ?? manifest.title,
      run: () => implementation.commands[declared.id].run(),
      disabledReason: () => implementation.commands[declared.id].disabledReason?.() ?? null,
    })),
    ...manifest.tools.map((declared) => ({
      id: declared.id,
      keys: declared.shortcut ?? "",
      title: declared.title,
      group: declared.group ?? manifest.title,
      run: () => app.activateTool(app.state.get().activeTool === declared.id ? null : declared.id),
      disabledReason: () => implementation.tools[declared.id].disabledReason?.() ?? null,
    })),
  ]);
  const { keyMap } = app.state.get();
  return [...own, ...theirs].map((verb) => ({ ...verb, keys: keysFor(keyMap, verb.id, verb.keys) }));
}

/** Runs it, or says why it can't be had now; what it throws is reported. */
export async function runVerb({ store }: Pick<App, "store">, verb: Shortcut): Promise<void> {
  const why = verb.disabledReason?.() ?? null;
  if (why) return store.notify(why, "warning");
  try {
    await verb.run();
  } catch (error) {
    store.reportThrown(error, verb.id);
  }
}

function entry(
  id: string,
  keys: string,
  en: string,
  zh: string,
  group: LocalText,
  run: () => void | Promise<void>,
): Shortcut {
  return { id, keys, title: { en, zh }, group, run };
}

/** Something lies over the case: its keys are not meant for what is beneath. */
const covered = (state: AppState): boolean =>
  state.screen !== "case" ||
  state.opening !== null ||
  (state.choosing !== null && state.read !== null) ||
  state.waitingObjects.length > 0 ||
  state.keysShown;

/** Keys of an open menu or modal dialog, and Enter or Space on a control that was reached by keyboard, belong to that control. */
const leftToControl = (target: EventTarget | null, key: string): boolean =>
  target instanceof HTMLElement &&
  (target.closest("[role=menu], [role=dialog][aria-modal]") !== null ||
    ((key === "Enter" || key === " ") && target.matches(":is(button, a, summary):focus-visible")));

export interface ListenOptions {
  /** Listeners further out are not told of a key that was taken: the page has keys of its own. */
  readonly alone?: boolean;
}

/** Listens on the window, or an element; keys typed into a field are left alone. Returns the stop. */
export function listenForShortcuts(
  app: App,
  target: Pick<HTMLElement, "addEventListener" | "removeEventListener">,
  { alone = false }: ListenOptions = {},
): () => void {
  const onKey = (event: KeyboardEvent): void => {
    // Also where the field lies in a shadow tree.
    const [at = event.target] = event.composedPath();
    const typing =
      at instanceof HTMLElement && at.closest("input, textarea, select, [contenteditable]") !== null;
    if (typing && !(event.ctrlKey || event.metaKey)) return;
    if (typing && at.closest("input[type=text], input:not([type]), textarea")) return;
    if (covered(app.state.get()) || leftToControl(at, event.key)) return;
    const keys = keysOf(event);
    const found = shortcuts(app).find((candidate) => candidate.keys === keys);
    if (!found) return;
    if (alone) event.stopPropagation();
    // A key held down scrolls on, but decides once: the next part is another decision.
    if (event.repeat && !found.id.startsWith("host/")) return;
    event.preventDefault();
    void runVerb(app, found);
  };
  target.addEventListener("keydown", onKey);
  return () => target.removeEventListener("keydown", onKey);
}
