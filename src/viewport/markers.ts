// Numbered glyphs beside what they mark: a shape, a number and a thin leader, so that colour is never the only sign.
import type { Vec3 } from "#core/space";
import type { Glyph, Marker } from "#host/contract";
import { textFont } from "./annotations.ts";
import { rgbFromHex } from "./mask-paint.ts";

export interface PlacedMarker {
  readonly marker: Marker;
  /** CSS pixels: the marked point, and the middle of the glyph. */
  readonly point: readonly [number, number];
  readonly label: readonly [number, number];
  readonly opacity: number;
}

export interface MarkerScene {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly markers: readonly Marker[];
  /** Where a point falls on the view (CSS pixels), and how strongly its marker shows there (0 hides it). */
  project(at: Vec3): { readonly x: number; readonly y: number; readonly opacity: number };
  /** Whether a mask is drawn under a pixel; labels keep off it. */
  isCovered(x: number, y: number): boolean;
}

/** Full strength within the slice or slab, then fading over 3 mm. */
export function markerOpacity(distanceMm: number, halfThicknessMm: number): number {
  const beyond = Math.abs(distanceMm) - halfThicknessMm;
  if (beyond <= 0) return 1;
  return beyond >= 3 ? 0 : 1 - 0.75 * (beyond / 3);
}

const radiusOf = (marker: Marker): number => (marker.emphasized ? 13 : 10);

/**
 * Puts each label at the first free place around its point: right and up first, then round the clock, farther out where
 * a mask or another label is in the way. The same scene gives the same places.
 */
export function placeMarkers(scene: MarkerScene): readonly PlacedMarker[] {
  const placed: PlacedMarker[] = [];
  // Emphasized markers choose first; they lie on top when drawn last.
  const ordered = [...scene.markers].sort((a, b) => Number(b.emphasized) - Number(a.emphasized));
  for (const marker of ordered) {
    const { x, y, opacity } = scene.project(marker.at);
    if (opacity <= 0 || x < 0 || y < 0 || x > scene.widthPx || y > scene.heightPx) continue;
    const radius = radiusOf(marker);
    const label = freePlace(scene, placed, x, y, radius);
    placed.push({ marker, point: [x, y], label, opacity });
  }
  return placed.reverse();
}

/** Degrees clockwise from screen right: the diagonals first, where no crosshair runs. */
const directions = [-45, 45, -135, 135, -20, 20, -160, 160, -70, 70, -110, 110, 0, 180, -90, 90];

function freePlace(
  scene: MarkerScene,
  placed: readonly PlacedMarker[],
  x: number,
  y: number,
  radius: number,
): readonly [number, number] {
  let fallback: readonly [number, number] | null = null;
  for (const reach of [28, 42, 60, 84, 112, 150, 200]) {
    for (const degrees of directions) {
      const angle = (degrees * Math.PI) / 180;
      const cx = x + reach * Math.cos(angle);
      const cy = y + reach * Math.sin(angle);
      const edge = radius + 6;
      if (cx < edge || cy < edge || cx > scene.widthPx - edge || cy > scene.heightPx - edge) continue;
      const free = placed.every(
        ({ label, marker }) => Math.hypot(label[0] - cx, label[1] - cy) > radius + radiusOf(marker) + 4,
      );
      if (!free) continue;
      fallback ??= [cx, cy];
      if (!ringCovered(scene, cx, cy, radius + 2)) return [cx, cy];
    }
  }
  return fallback ?? [Math.min(x + 28, scene.widthPx - radius), Math.max(y - 28, radius)];
}

function ringCovered(scene: MarkerScene, cx: number, cy: number, radius: number): boolean {
  if (scene.isCovered(cx, cy)) return true;
  for (let n = 0; n < 12; n++) {
    const angle = (n * Math.PI) / 6;
    if (scene.isCovered(cx + radius * Math.cos(angle), cy + radius * Math.sin(angle))) return true;
    if (scene.isCovered(cx + (radius / 2) * Math.cos(angle), cy + (radius / 2) * Math.sin(angle)))
      return true;
  }
  return false;
}

function traceGlyph(context: CanvasRenderingContext2D, glyph: Glyph, x: number, y: number, r: number): void {
  context.beginPath();
  switch (glyph) {
    case "circle":
      context.arc(x, y, r, 0, 2 * Math.PI);
      break;
    case "square":
      context.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
      break;
    case "triangle":
      context.moveTo(x, y - 1.3 * r);
      context.lineTo(x + 1.25 * r, y + 0.85 * r);
      context.lineTo(x - 1.25 * r, y + 0.85 * r);
      break;
    case "diamond":
      context.moveTo(x, y - 1.3 * r);
      context.lineTo(x + 1.3 * r, y);
      context.lineTo(x, y + 1.3 * r);
      context.lineTo(x - 1.3 * r, y);
      break;
    case "cross": {
      const a = 0.45 * r + 2;
      const b = 1.2 * r;
      const corners = [
        [-a, -b],
        [a, -b],
        [a, -a],
        [b, -a],
        [b, a],
        [a, a],
        [a, b],
        [-a, b],
        [-a, a],
        [-b, a],
        [-b, -a],
        [-a, -a],
      ];
      for (const [dx, dy] of corners) context.lineTo(x + dx, y + dy);
      break;
    }
  }
  context.closePath();
}

export function drawMarkers(context: CanvasRenderingContext2D, placed: readonly PlacedMarker[]): void {
  for (const { marker, point, label, opacity } of placed) {
    const radius = radiusOf(marker);
    const [r, g, b] = rgbFromHex(marker.color);
    const bright = 0.299 * r + 0.587 * g + 0.114 * b > 140;
    context.globalAlpha = opacity;
    for (const [style, width] of [
      ["rgba(0, 0, 0, 0.7)", 3],
      [marker.color, 1.25],
    ] as const) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(point[0], point[1]);
      context.lineTo(label[0], label[1]);
      context.stroke();
    }
    traceGlyph(context, marker.glyph, label[0], label[1], radius);
    context.lineJoin = "round";
    context.strokeStyle = marker.emphasized ? "#ffffff" : "rgba(0, 0, 0, 0.8)";
    context.lineWidth = marker.emphasized ? 4 : 3;
    context.stroke();
    context.fillStyle = marker.color;
    context.fill();
    context.fillStyle = bright ? "#101418" : "#ffffff";
    context.font = textFont(marker.text.length > 2 ? radius - 1 : radius + 2, 700);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(marker.text, label[0], label[1] + (marker.glyph === "triangle" ? 2 : 0.5));
    context.globalAlpha = 1;
  }
}
