// Measurements in the planes: crisp lines with their value, drawn where the plane passes through all of them.
import type { Figure } from "#host/contract";
import { drawText, textFont } from "./annotations.ts";
import { depthMm, type PlaneFrame, screenFromPatient } from "./planes.ts";

/** A figure drawn in one slice is shown in this plane when all of it lies within the slice (or slab) and this much, mm. */
const SLACK_MM = 0.6;

/** Whether the plane shows a figure, `halfThicknessMm` either way. */
export const showsFigure = (frame: PlaneFrame, figure: Figure, halfThicknessMm: number): boolean =>
  figure.paths.every((path) =>
    path.every((point) => Math.abs(depthMm(frame, point)) <= halfThicknessMm + SLACK_MM),
  );

export function drawFigures(
  context: CanvasRenderingContext2D,
  frame: PlaneFrame,
  figures: readonly Figure[],
  halfThicknessMm: number,
): void {
  for (const figure of figures) {
    if (!showsFigure(frame, figure, halfThicknessMm)) continue;
    context.lineCap = "round";
    context.lineJoin = "round";
    for (const [style, width] of [
      ["rgba(0, 0, 0, 0.75)", 4],
      [figure.color, figure.emphasized ? 2.5 : 1.5],
    ] as const) {
      context.strokeStyle = style;
      context.lineWidth = width;
      for (const path of figure.paths) {
        context.beginPath();
        for (const point of path) context.lineTo(...screenFromPatient(frame, point));
        context.stroke();
      }
    }
    const [x, y] = screenFromPatient(frame, figure.labelAt);
    context.font = textFont(12, 600);
    context.textAlign = "left";
    context.textBaseline = "middle";
    const width = context.measureText(figure.text).width;
    drawText(context, figure.text, Math.max(4, Math.min(x + 8, frame.widthPx - width - 4)), y, figure.color);
  }
}
