// What is drawn over a slice on the offline teaching page: outlines of labels, crosses, the patient's sides, a scale bar.

/** @param {string} hex "#rrggbb" */
export const rgbOf = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** @param {CanvasRenderingContext2D} to @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function segment(to, x1, y1, x2, y2) {
  to.moveTo(x1, y1);
  to.lineTo(x2, y2);
}

/** @param {CanvasRenderingContext2D} to @param {number} x @param {number} y @param {number} half @param {string} color */
export function drawCross(to, x, y, half, color) {
  to.strokeStyle = color;
  to.beginPath();
  segment(to, x - half, y, x - half / 4, y);
  segment(to, x + half / 4, y, x + half, y);
  segment(to, x, y - half, x, y - half / 4);
  segment(to, x, y + half / 4, x, y + half);
  to.stroke();
}

/**
 * @param {CanvasRenderingContext2D} to
 * @param {{ columns: number, rows: number, x: number, y: number }} size and pixels of the screen for each voxel
 * @param {Uint8Array} labels of one slice
 * @param {ReadonlyMap<number, readonly number[]>} colors
 */
export function drawOutlines(to, { columns, rows, x, y }, labels, colors) {
  const label = (/** @type {number} */ i, /** @type {number} */ j) =>
    i < 0 || j < 0 || i >= columns || j >= rows ? 0 : labels[j * columns + i];
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const here = label(i, j);
      const color = here === 0 ? undefined : colors.get(here);
      if (!color) continue;
      to.strokeStyle = `rgb(${color.join()})`;
      to.fillStyle = `rgba(${color.join()},0.22)`;
      to.fillRect(i * x, j * y, x, y);
      to.beginPath();
      if (label(i - 1, j) !== here) segment(to, i * x, j * y, i * x, (j + 1) * y);
      if (label(i + 1, j) !== here) segment(to, (i + 1) * x, j * y, (i + 1) * x, (j + 1) * y);
      if (label(i, j - 1) !== here) segment(to, i * x, j * y, (i + 1) * x, j * y);
      if (label(i, j + 1) !== here) segment(to, i * x, (j + 1) * y, (i + 1) * x, (j + 1) * y);
      to.stroke();
    }
}

/** mm that a scale bar may have; the longest that takes no more than a third of the image. */
const BARS_MM = [50, 30, 20, 10, 5];

/**
 * The letters of the patient's sides where they lie, and a scale bar.
 * @param {CanvasRenderingContext2D} to
 * @param {import("../teaching/play-data.ts").PlayStack} stack
 * @param {{ width: number, height: number, px: number }} size of the canvas, and its pixels for each of the page
 */
export function drawSides(to, stack, { width, height, px }) {
  const [left, right] = stack.rowDirection[0] > 0 ? ["R", "L"] : ["L", "R"];
  const [top, bottom] = stack.columnDirection[1] > 0 ? ["A", "P"] : ["P", "A"];
  to.font = `${14 * px}px sans-serif`;
  to.lineJoin = "round";
  const write = (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y) => {
    to.textAlign = x < width / 3 ? "left" : x > (2 * width) / 3 ? "right" : "center";
    to.strokeStyle = "#000";
    to.lineWidth = 3 * px;
    to.strokeText(text, x, y);
    to.fillStyle = "#f1f3f5";
    to.fillText(text, x, y);
  };
  write(left, 6 * px, height / 2);
  write(right, width - 6 * px, height / 2);
  write(top, width / 2, 16 * px);
  write(bottom, width / 2, height - 7 * px);
  const pxOfMm = width / (stack.columns * stack.columnMm);
  const mm = BARS_MM.find((one) => one * pxOfMm < width / 3) ?? 5;
  to.strokeStyle = "#f1f3f5";
  to.lineWidth = 2 * px;
  to.beginPath();
  const base = height - 9 * px;
  to.moveTo(8 * px, base - 5 * px);
  to.lineTo(8 * px, base);
  to.lineTo(8 * px + mm * pxOfMm, base);
  to.lineTo(8 * px + mm * pxOfMm, base - 5 * px);
  to.stroke();
  to.font = `${11 * px}px sans-serif`;
  write(`${mm} mm`, 8 * px, base - 9 * px);
  to.textAlign = "left";
}
