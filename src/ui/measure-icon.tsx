// Pictures of the measuring tools, by how their ids end.
import type { ReactNode } from "react";

const stroke = { fill: "none", stroke: "currentColor", strokeWidth: 1.7, strokeLinecap: "round" } as const;

const paths: readonly (readonly [ending: string, path: string])[] = [
  [
    "measure-distance",
    "M4 16 16 4M2.500 14 6 17.500M14 2.500 17.500 6M8.500 9l1.500 1.500M11 6.500 12.500 8",
  ],
  ["measure-angle", "M16 4 4 16h13M10.500 16c0-2.500-1-4-2.500-5"],
  [
    "measure-ellipse",
    "M10 4.500c4.500 0 8 2.500 8 5.500s-3.500 5.500-8 5.500S2 13 2 10s3.500-5.500 8-5.500ZM7 10h.1M10 8h.1M10 12h.1M13 10h.1",
  ],
];

/** Null for a tool that does not measure. */
export function measureIcon(toolId: string): ReactNode {
  const found = paths.find(([ending]) => toolId.endsWith(ending));
  return found ? (
    <svg viewBox="0 0 20 20" aria-hidden>
      <path {...stroke} d={found[1]} />
    </svg>
  ) : null;
}
