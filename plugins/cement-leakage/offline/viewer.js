// The images of the offline teaching page: slices by a window, with marks, outlines, sides and a scale bar over them.
import { button, byId } from "./dom.js";
import { drawCross, drawOutlines, drawSides, rgbOf } from "./lines.js";
import { listen } from "./listen.js";

/** @typedef {import("../teaching/play-data.ts").PlayData} PlayData */
/** @typedef {{ readonly i: number, readonly j: number, readonly k: number }} Mark */
/**
 * @typedef {object} Viewer
 * @property {(k: number) => void} show
 * @property {(k: number) => void} bring shows a slice, and scrolls a small page to it
 * @property {(on: boolean) => void} setOverlay
 * @property {(on: boolean) => void} setMarking whether a click marks
 * @property {(marks: readonly Mark[]) => void} setMarks
 */

const MARK_COLOR = "#ffd43b";
const CURSOR_COLOR = "#74c0fc";

/**
 * Fills the page's elements, and lets go of them with `signal`.
 * @param {PlayData} data
 * @param {Uint8Array | Uint16Array} stored
 * @param {Uint8Array} labels
 * @param {(mark: Mark) => void} onMark
 * @param {AbortSignal} signal
 * @returns {Viewer}
 */
export function openViewer(data, stored, labels, onMark, signal) {
  const { stack, leaks, words } = data;
  const { columns, rows, slices } = stack;
  const canvas = byId("image", HTMLCanvasElement);
  const over = byId("marks", HTMLCanvasElement);
  const slider = byId("slice", HTMLInputElement);
  const overlayButton = byId("overlay", HTMLElement);
  const windows = byId("windows", HTMLElement);
  const colors = new Map(data.colors.map(([label, color]) => [label, rgbOf(color)]));
  const state = {
    k: Math.floor(slices / 2),
    window: data.windows[0],
    overlay: false,
    marking: false,
    cursor: [Math.floor(columns / 2), Math.floor(rows / 2)],
    cursorShown: false,
    marks: /** @type {readonly Mark[]} */ ([]),
  };
  canvas.width = columns;
  canvas.height = rows;
  const ratio = (columns * stack.columnMm) / (rows * stack.rowMm);
  canvas.style.aspectRatio = String(ratio);
  byId("frame", HTMLElement).style.setProperty("--ratio", String(ratio));
  slider.max = String(slices);
  const context = canvas.getContext("2d");
  const drawing = over.getContext("2d");

  function draw() {
    if (!context) return;
    const image = context.createImageData(columns, rows);
    const { widthHu, levelHu } = state.window;
    const start = state.k * rows * columns;
    for (let at = 0; at < rows * columns; at++) {
      const hu = stored[start + at] * stack.stepHu + stack.lowestHu;
      const grey = Math.max(0, Math.min(255, Math.round((255 * (hu - levelHu + widthHu / 2)) / widthHu)));
      image.data[4 * at] = image.data[4 * at + 1] = image.data[4 * at + 2] = grey;
      image.data[4 * at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    drawOver();
    slider.value = String(state.k + 1);
    const at = `${state.k + 1} / ${slices}`;
    byId("where", HTMLElement).textContent = `${words.slice} ${at} · W ${widthHu} L ${levelHu}`;
    slider.setAttribute("aria-valuetext", at);
    document.body.dataset.slice = String(state.k);
    for (const one of windows.querySelectorAll("[data-window]"))
      one.setAttribute("aria-pressed", String(one.getAttribute("data-window") === state.window.name));
  }

  /** Outlines and marks in the pixels of the screen, so that they stay thin. */
  function drawOver() {
    if (!drawing) return;
    const box = canvas.getBoundingClientRect();
    const px = window.devicePixelRatio || 1;
    over.width = Math.round(box.width * px);
    over.height = Math.round(box.height * px);
    const x = over.width / columns;
    const y = over.height / rows;
    drawSides(drawing, stack, { width: over.width, height: over.height, px });
    if (state.overlay) drawOverlay(drawing, x, y, px);
    drawing.lineWidth = 2 * px;
    drawing.font = `${14 * px}px sans-serif`;
    state.marks.forEach((one, n) => {
      if (one.k !== state.k) return;
      drawCross(drawing, (one.i + 0.5) * x, (one.j + 0.5) * y, 9 * px, MARK_COLOR);
      drawing.fillStyle = MARK_COLOR;
      drawing.fillText(String(n + 1), (one.i + 0.5) * x + 11 * px, (one.j + 0.5) * y - 6 * px);
    });
    if (state.cursorShown && state.marking)
      drawCross(drawing, (state.cursor[0] + 0.5) * x, (state.cursor[1] + 0.5) * y, 16 * px, CURSOR_COLOR);
  }

  /** @param {CanvasRenderingContext2D} to @param {number} x @param {number} y @param {number} px */
  function drawOverlay(to, x, y, px) {
    const start = state.k * rows * columns;
    to.lineWidth = 1.5 * px;
    drawOutlines(to, { columns, rows, x, y }, labels.subarray(start, start + rows * columns), colors);
    to.font = `bold ${14 * px}px sans-serif`;
    for (const leak of leaks) {
      if (leak.at[2] !== state.k) continue;
      to.fillStyle = `rgb(${(colors.get(leak.label) ?? [255, 255, 255]).join()})`;
      to.fillText(leak.name, (leak.at[0] + 6) * x, (leak.at[1] - 4) * y);
    }
  }

  /** @param {number} k */
  function show(k) {
    state.k = Math.max(0, Math.min(slices - 1, k));
    draw();
  }

  /** @param {boolean} on */
  function setOverlay(on) {
    state.overlay = on;
    overlayButton.hidden = state.marking;
    overlayButton.setAttribute("aria-pressed", String(on));
    drawOver();
  }

  /** @param {number} i @param {number} j */
  const mark = (i, j) => {
    if (state.marking) onMark({ i, j, k: state.k });
  };
  /** @param {number} n */
  const choose = (n) => {
    state.window = data.windows[n] ?? state.window;
    draw();
  };
  listen(
    stack,
    {
      slice: () => state.k,
      show,
      mark,
      chooseWindow: choose,
      moveCursor(dx, dy) {
        state.cursorShown = true;
        state.cursor = [
          Math.max(0, Math.min(columns - 1, state.cursor[0] + dx)),
          Math.max(0, Math.min(rows - 1, state.cursor[1] + dy)),
        ];
        drawOver();
      },
      markCursor() {
        if (state.cursorShown) mark(state.cursor[0], state.cursor[1]);
      },
    },
    signal,
  );
  windows.replaceChildren();
  data.windows.forEach(({ name }, n) => (button(windows, name, () => choose(n)).dataset.window = name));
  overlayButton.addEventListener("click", () => setOverlay(!state.overlay), { signal });
  window.addEventListener("resize", drawOver, { signal });
  show(state.k);
  return {
    show,
    bring(k) {
      show(k);
      byId("frame", HTMLElement).scrollIntoView({ block: "nearest" });
    },
    setOverlay,
    setMarking(on) {
      state.marking = on;
      state.cursorShown = false;
      setOverlay(state.overlay);
    },
    setMarks(marks) {
      state.marks = marks;
      drawOver();
    },
  };
}
