// Pointer, wheel, touch and keys on the images of the offline teaching page.
import { byId } from "./dom.js";

/**
 * @typedef {object} ImageVerbs
 * @property {() => number} slice
 * @property {(k: number) => void} show
 * @property {(i: number, j: number) => void} mark
 * @property {(dx: number, dy: number) => void} moveCursor
 * @property {() => void} markCursor
 * @property {(n: number) => void} chooseWindow
 */

/** Pixels that a finger may slip before it scrolls, and pixels for each slice then. */
const SLIP_PX = 8;
const PX_A_SLICE = 6;

/** @type {Readonly<Record<string, readonly [number, number]>>} */
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** @param {{ readonly columns: number, readonly rows: number }} stack @param {ImageVerbs} verbs @param {AbortSignal} signal */
export function listen(
  { columns, rows },
  { slice, show, mark, moveCursor, markCursor, chooseWindow },
  signal,
) {
  const frame = byId("frame", HTMLElement);
  const image = byId("image", HTMLCanvasElement);
  const slider = byId("slice", HTMLInputElement);
  /** @type {{ y: number, k: number, moved: boolean } | null} */
  let press = null;
  /** @param {PointerEvent} event */
  const down = (event) => {
    press = { y: event.clientY, k: slice(), moved: false };
    frame.setPointerCapture(event.pointerId);
  };
  /** @param {PointerEvent} event */
  const move = (event) => {
    if (!press) return;
    const way = event.clientY - press.y;
    if (Math.abs(way) > SLIP_PX) press.moved = true;
    if (press.moved) show(press.k + Math.round(way / PX_A_SLICE));
  };
  /** @param {PointerEvent} event */
  const up = (event) => {
    const box = image.getBoundingClientRect();
    const i = Math.floor(((event.clientX - box.left) / box.width) * columns);
    const j = Math.floor(((event.clientY - box.top) / box.height) * rows);
    if (press && !press.moved && i >= 0 && j >= 0 && i < columns && j < rows) mark(i, j);
    press = null;
  };
  frame.addEventListener("pointerdown", down, { signal });
  frame.addEventListener("pointermove", move, { signal });
  frame.addEventListener("pointerup", up, { signal });
  frame.addEventListener("pointercancel", () => (press = null), { signal });
  const scroll = (/** @type {WheelEvent} */ event) => {
    event.preventDefault();
    show(slice() + Math.sign(event.deltaY));
  };
  frame.addEventListener("wheel", scroll, { passive: false, signal });
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const way = ARROWS[event.key];
    if (way && event.shiftKey) moveCursor(2 * way[0], 2 * way[1]);
    else if (way) show(slice() + way[0] + way[1]);
    else if (event.key === "PageUp") show(slice() - 10);
    else if (event.key === "PageDown") show(slice() + 10);
    else if (event.key === "Enter") markCursor();
    else if (/^[1-9]$/.test(event.key)) chooseWindow(Number(event.key) - 1);
    else return;
    event.preventDefault();
  };
  frame.addEventListener("keydown", key, { signal });
  slider.addEventListener("input", () => show(Number(slider.value) - 1), { signal });
}
