// The small shape of a site, the same in list and images: colour is never the only sign.
import type { Glyph } from "../model/sites.ts";

const paths: Record<Glyph, string> = {
  circle: "M6 1a5 5 0 1 0 .01 0Z",
  square: "M1.500 1.500h9v9h-9Z",
  triangle: "M6 1 11 10.500H1Z",
  diamond: "M6 .5 11.500 6 6 11.500 .5 6Z",
  cross: "M4 1h4v3h3v4H8v3H4V8H1V4h3Z",
};

export function SiteGlyph({ glyph, color, text }: { glyph: Glyph; color: string; text?: string }) {
  return (
    <svg
      viewBox="0 0 12 12"
      width={text ? 20 : 12}
      height={text ? 20 : 12}
      aria-hidden
      style={{ flex: "none" }}
    >
      <path d={paths[glyph]} fill={color} stroke="#00000066" strokeWidth={0.6} />
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
