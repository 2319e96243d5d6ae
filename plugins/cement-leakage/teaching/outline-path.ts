// The border of a label in a picture as an SVG path: closed loops along the pixels' edges, the label on their right hand.

/** Steps to the right, down, left, up. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/** `labels` `[y][x]` of `side` squared; numbers of the path are pixels. "" where the label is nowhere. */
export function outlinePath(labels: Uint8Array, side: number, wanted: number): string {
  const inside = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < side && y < side && labels[y * side + x] === wanted;
  /** Whether a border leaves corner (x, y) in a direction: the label on its right, something else on its left. */
  const leaves = (x: number, y: number, way: number): boolean => {
    const around = [inside(x, y - 1), inside(x, y), inside(x - 1, y), inside(x - 1, y - 1)];
    return around[(way + 1) % 4] && !around[way];
  };
  const seen = new Uint8Array((side + 1) * (side + 1) * 4);
  const loops: string[] = [];
  for (let y = 0; y <= side; y++)
    for (let x = 0; x <= side; x++) {
      // Every loop has an edge that runs to the right.
      if (seen[(y * (side + 1) + x) * 4] || !leaves(x, y, 0)) continue;
      loops.push(loopFrom(x, y, side, leaves, seen));
    }
  return loops.join("");
}

function loopFrom(
  x0: number,
  y0: number,
  side: number,
  leaves: (x: number, y: number, way: number) => boolean,
  seen: Uint8Array,
): string {
  let path = `M${x0} ${y0}`;
  let [x, y, way] = [x0, y0, 0];
  do {
    seen[(y * (side + 1) + x) * 4 + way] = 1;
    x += STEPS[way][0];
    y += STEPS[way][1];
    // Where two corners of the label touch, the turn to the right keeps them apart.
    const next = [1, 0, 3].map((turn) => (way + turn) % 4).find((one) => leaves(x, y, one)) ?? way;
    if (next !== way) path += way % 2 === 0 ? `H${x}` : `V${y}`;
    way = next;
  } while (!(x === x0 && y === y0 && way === 0));
  return `${path}Z`;
}
