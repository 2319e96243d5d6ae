// Colours covered pixels: a translucent fill and an opaque outline for each layer, later layers on top. Pure.
import type { Coverage } from "./mask-raster.ts";

/** [r, g, b] of "#rrggbb", 0 to 255; white where the text is something else. */
export function rgbFromHex(color: string): readonly [number, number, number] {
  const hex = /^#([0-9a-f]{6})$/i.exec(color);
  if (!hex) return [255, 255, 255];
  const value = Number.parseInt(hex[1], 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export interface LayerPaint {
  readonly color: string;
  /** 0 to 1 */
  readonly fillOpacity: number;
  /** Device pixels, inside the covered area. */
  readonly outlinePx: number;
}

/**
 * Paints a layer onto RGBA pixels (not premultiplied, `[y][x]`, `width` per row). A pixel is outline where one of its
 * neighbours up to `outlinePx` away is not covered; the screen's edge is not an outline.
 */
export function paintLayer(
  rgba: Uint8ClampedArray,
  width: number,
  { x0, y0, width: w, height: h, covered }: Coverage,
  paint: LayerPaint,
): void {
  const [r, g, b] = rgbFromHex(paint.color);
  const fill = Math.max(0, Math.min(1, paint.fillOpacity));
  const reach = Math.max(0, Math.round(paint.outlinePx));
  for (let y = 0; y < h; y++) {
    const row = y * w;
    for (let x = 0; x < w; x++) {
      if (!covered[row + x]) continue;
      const at = 4 * ((y0 + y) * width + x0 + x);
      if (reach > 0 && atBorder(covered, w, h, x, y, reach)) {
        rgba[at] = r;
        rgba[at + 1] = g;
        rgba[at + 2] = b;
        rgba[at + 3] = 255;
        continue;
      }
      const below = rgba[at + 3] / 255;
      const alpha = fill + below * (1 - fill);
      if (alpha === 0) continue;
      const share = fill / alpha;
      rgba[at] += (r - rgba[at]) * share;
      rgba[at + 1] += (g - rgba[at + 1]) * share;
      rgba[at + 2] += (b - rgba[at + 2]) * share;
      rgba[at + 3] = alpha * 255;
    }
  }
}

function atBorder(covered: Uint8Array, w: number, h: number, x: number, y: number, reach: number): boolean {
  const at = y * w + x;
  for (let d = 1; d <= reach; d++) {
    if (x >= d && !covered[at - d]) return true;
    if (x + d < w && !covered[at + d]) return true;
    if (y >= d && !covered[at - d * w]) return true;
    if (y + d < h && !covered[at + d * w]) return true;
  }
  return false;
}
