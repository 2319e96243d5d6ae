// What follows the pointer while a tool is active: the brush's circle, a line being drawn, a contour being closed.
import type { ActiveGesture } from "#host/viewport-port";
import type { Vec3 } from "#core/space";
import { type PlaneFrame, screenFromPatient } from "./planes.ts";

export interface GesturePath {
  readonly kind: ActiveGesture["kind"];
  readonly radiusMm: number;
  /** Patient points of the stroke so far; empty before the button goes down. */
  readonly points: readonly Vec3[];
  /** Where the pointer is, CSS pixels; null outside the view. */
  readonly pointer: readonly [number, number] | null;
}

const toolColor = "#ffffff";

export function drawGesture(context: CanvasRenderingContext2D, frame: PlaneFrame, path: GesturePath): void {
  const trace = (stroke: () => void): void => {
    context.lineJoin = "round";
    context.lineCap = "round";
    context.strokeStyle = "rgba(0, 0, 0, 0.7)";
    context.lineWidth = 3.5;
    stroke();
    context.strokeStyle = toolColor;
    context.lineWidth = 1.5;
    stroke();
  };
  if (path.kind === "brush") {
    const at = path.pointer;
    if (!at) return;
    trace(() => {
      context.beginPath();
      context.arc(at[0], at[1], Math.max(1, path.radiusMm / frame.mmPerPx), 0, 2 * Math.PI);
      context.stroke();
    });
    return;
  }
  if (path.points.length === 0) return;
  if (path.kind === "ellipse") {
    const [x0, y0] = screenFromPatient(frame, path.points[0]);
    const [x1, y1] = screenFromPatient(frame, path.points[path.points.length - 1]);
    trace(() => {
      context.beginPath();
      context.ellipse(
        (x0 + x1) / 2,
        (y0 + y1) / 2,
        Math.abs(x1 - x0) / 2,
        Math.abs(y1 - y0) / 2,
        0,
        0,
        2 * Math.PI,
      );
      context.stroke();
    });
    return;
  }
  const screen = path.points.map((point) => screenFromPatient(frame, point));
  const shown = path.kind === "line" ? [screen[0], screen[screen.length - 1]] : screen;
  trace(() => {
    context.beginPath();
    for (const [x, y] of shown) context.lineTo(x, y);
    context.stroke();
  });
  if (path.kind === "contour") {
    context.setLineDash([5, 5]);
    trace(() => {
      context.beginPath();
      context.moveTo(shown[shown.length - 1][0], shown[shown.length - 1][1]);
      context.lineTo(shown[0][0], shown[0][1]);
      context.stroke();
    });
    context.setLineDash([]);
  } else {
    for (const [x, y] of shown) {
      context.fillStyle = toolColor;
      context.beginPath();
      context.arc(x, y, 3, 0, 2 * Math.PI);
      context.fill();
    }
  }
}
