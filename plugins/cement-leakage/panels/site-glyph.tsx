// The small shape of a site, the same in list and images: colour is never the only sign.
import { GLYPH_PATHS } from "../model/glyph-paths.ts";
import type { Glyph } from "../model/sites.ts";

export function SiteGlyph({ glyph, color, text }: { glyph: Glyph; color: string; text?: string }) {
  return (
    <svg
      viewBox="0 0 12 12"
      width={text ? 20 : 12}
      height={text ? 20 : 12}
      aria-hidden
      style={{ flex: "none" }}
    >
      <path d={GLYPH_PATHS[glyph]} fill={color} stroke="#00000066" strokeWidth={0.6} />
      {text && (
        <text
          x={6}
          y={glyph === "triangle" ? 9.4 : 8.2}
          textAnchor="middle"
          fontSize={6.5}
          fontWeight={700}
          fill="#111"
        >
          {text}
        </text>
      )}
    </svg>
  );
}
