// A small cross of the patient's directions in the corner of the 3D view; what points away is dimmer.
import type { Vec3 } from "#core/space";
import { cross, dot } from "#core/space";
import { drawText, textFont } from "./annotations.ts";
import type { ScreenFrame } from "./planes.ts";

const directions: readonly (readonly [string, Vec3])[] = [
  ["L", [1, 0, 0]],
  ["R", [-1, 0, 0]],
  ["P", [0, 1, 0]],
  ["A", [0, -1, 0]],
  ["H", [0, 0, 1]],
  ["F", [0, 0, -1]],
];
const armPx = 26;

export function drawCompass(context: CanvasRenderingContext2D, frame: ScreenFrame): void {
  const { right, down } = frame.axes;
  const viewer = cross(down, right);
  const x = 52;
  const y = frame.heightPx - 52;
  const far = [...directions].sort((a, b) => dot(a[1], viewer) - dot(b[1], viewer));
  context.font = textFont(12, 600);
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const [letter, direction] of far) {
    const dx = dot(direction, right) * armPx;
    const dy = dot(direction, down) * armPx;
    // Letters that point along the line of sight would lie on each other.
    if (Math.hypot(dx, dy) < 0.3 * armPx) continue;
    context.globalAlpha = dot(direction, viewer) < -0.05 ? 0.45 : 1;
    context.strokeStyle = "#9fb0c0";
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + 0.7 * dx, y + 0.7 * dy);
    context.stroke();
    drawText(context, letter, x + 1.15 * dx, y + 1.15 * dy);
  }
  context.globalAlpha = 1;
}
