// What is drawn over the image in crisp lines and text: edge letters, scale bar, slice position, crosshair, slab banner.
import { moved, type Rigid } from "#core/rigid";
import type { Vec3, VoxelGrid } from "#core/space";
import { scale } from "#core/space";
import type { Plane } from "#host/contract";
import {
  directionLetters,
  type PlaneAxes,
  type PlaneFrame,
  positionText,
  screenFromPatient,
  sliceCount,
  sliceNumber,
} from "./planes.ts";
import { lineDirection, lineHandles } from "./oblique.ts";

/** Each plane's line in the other views, and the same colour beside its slice position. */
export const planeColors: Readonly<Record<Plane, string>> = {
  axial: "#f2c14e",
  sagittal: "#5ec8f2",
  coronal: "#86d97b",
};

export const textFont = (px: number, weight = 500): string =>
  `${weight} ${px}px system-ui, "Noto Sans CJK SC", "Noto Sans", sans-serif`;

/** Text with a dark rim, readable on bone and on air. */
export function drawText(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  color = "#e8edf2",
): void {
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.strokeStyle = "rgba(0, 0, 0, 0.75)";
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

/** In a view so narrow its name and the slice position reach the middle: the letters stand below and above them. */
const NARROW_PX = 360;

export function drawEdgeLetters(context: CanvasRenderingContext2D, frame: PlaneFrame): void {
  const { axes, widthPx, heightPx } = frame;
  context.font = textFont(14, 600);
  context.textAlign = "center";
  context.textBaseline = "top";
  drawText(context, directionLetters(scale(axes.down, -1)), widthPx / 2, widthPx < NARROW_PX ? 24 : 8);
  context.textBaseline = "bottom";
  drawText(context, directionLetters(axes.down), widthPx / 2, heightPx - (widthPx < NARROW_PX ? 26 : 8));
  context.textBaseline = "middle";
  context.textAlign = "left";
  drawText(context, directionLetters(scale(axes.right, -1)), 8, heightPx / 2);
  context.textAlign = "right";
  drawText(context, directionLetters(axes.right), widthPx - 8, heightPx / 2);
}

/** A round length (1, 2 or 5 times a power of ten, mm) that fills at most `maximumMm`. */
export function roundLengthMm(maximumMm: number): number {
  const power = 10 ** Math.floor(Math.log10(maximumMm));
  const step = [5, 2, 1].find((s) => s * power <= maximumMm) ?? 1;
  return step * power;
}

export function drawScaleBar(context: CanvasRenderingContext2D, frame: PlaneFrame): void {
  const maximumPx = Math.min(140, frame.widthPx / 4);
  const lengthMm = roundLengthMm(maximumPx * frame.mmPerPx);
  const lengthPx = lengthMm / frame.mmPerPx;
  const right = frame.widthPx - 12;
  const y = frame.heightPx - 12;
  const path = () => {
    context.beginPath();
    context.moveTo(right - lengthPx, y - 5);
    context.lineTo(right - lengthPx, y);
    context.lineTo(right, y);
    context.lineTo(right, y - 5);
    context.stroke();
  };
  context.lineJoin = "miter";
  context.strokeStyle = "rgba(0, 0, 0, 0.75)";
  context.lineWidth = 4;
  path();
  context.strokeStyle = "#e8edf2";
  context.lineWidth = 1.5;
  path();
  context.font = textFont(12);
  context.textAlign = "right";
  context.textBaseline = "bottom";
  drawText(context, lengthMm >= 10 ? `${lengthMm / 10} cm` : `${lengthMm} mm`, right, y - 7);
}

/**
 * "z +12.3 mm · 87/168" at the lower left, with the colour of this plane's line in the other views. Of another scan, brought here by
 * `toShown`, its own position alone: its slices are not these.
 */
export function drawSlicePosition(
  context: CanvasRenderingContext2D,
  frame: PlaneFrame,
  grid: VoxelGrid,
  focus: Vec3,
  toShown: Rigid | null,
): void {
  const { axes } = frame;
  const place =
    axes.turnedDegrees > 0
      ? ` · ∠${axes.turnedDegrees.toFixed(0)}°`
      : // Across tilted slices lies no slice of its own.
        axes.tiltDegrees > 0
        ? ""
        : ` · ${sliceNumber(grid, axes, focus)}/${sliceCount(grid, axes)}`;
  const text = toShown ? positionText(axes, moved(toShown, focus)) : `${positionText(axes, focus)}${place}`;
  drawPosition(context, frame, text);
}

export function drawPosition(context: CanvasRenderingContext2D, frame: PlaneFrame, text: string): void {
  const y = frame.heightPx - 12;
  context.fillStyle = planeColors[frame.axes.plane];
  context.fillRect(12, y - 11, 4, 11);
  context.font = textFont(12);
  context.textAlign = "left";
  context.textBaseline = "bottom";
  drawText(context, text, 22, y + 2);
}

/** What a reader must know of the picture, one line below the other at its upper edge. */
export function drawBanners(
  context: CanvasRenderingContext2D,
  frame: PlaneFrame,
  lines: readonly string[],
): void {
  context.font = textFont(12, 600);
  context.textAlign = "center";
  context.textBaseline = "middle";
  lines.forEach((text, n) => {
    const width = context.measureText(text).width + 20;
    const x = frame.widthPx / 2 - width / 2;
    const y = (frame.widthPx < NARROW_PX ? 44 : 30) + 26 * n;
    context.fillStyle = "rgba(242, 193, 78, 0.92)";
    context.beginPath();
    context.roundRect(x, y, width, 22, 4);
    context.fill();
    context.fillStyle = "#1a1400";
    context.fillText(text, frame.widthPx / 2, y + 11.5);
  });
}

/**
 * Lines of the two other planes through the focus, open around it so that what is there stays visible; with handles to turn
 * them by, faint as long as no plane is turned.
 */
export function drawCrosshair(
  context: CanvasRenderingContext2D,
  frame: PlaneFrame,
  axes: Readonly<Record<Plane, PlaneAxes>>,
  focus: Vec3,
): void {
  const others = Object.values(axes).filter((other) => other.plane !== frame.axes.plane);
  const [fx, fy] = screenFromPatient(frame, focus);
  const x = Math.round(fx) + 0.5;
  const y = Math.round(fy) + 0.5;
  const gap = 14;
  context.lineWidth = 1;
  context.globalAlpha = 0.6;
  for (const other of others) {
    const direction = lineDirection(frame, other);
    if (!direction) continue;
    const [dx, dy] = direction;
    const far = frame.widthPx + frame.heightPx;
    context.strokeStyle = planeColors[other.plane];
    context.beginPath();
    for (const sign of [1, -1]) {
      context.moveTo(x + sign * gap * dx, y + sign * gap * dy);
      context.lineTo(x + sign * far * dx, y + sign * far * dy);
    }
    context.stroke();
  }
  const turned = Object.values(axes).some((one) => one.turnedDegrees > 0);
  context.globalAlpha = turned ? 0.9 : 0.45;
  context.lineWidth = turned ? 2 : 1;
  for (const handle of lineHandles(frame, axes, focus)) {
    context.strokeStyle = planeColors[handle.plane];
    context.beginPath();
    context.arc(handle.x, handle.y, 5, 0, 2 * Math.PI);
    context.stroke();
  }
  context.globalAlpha = 1;
}
