// Whether CT images show a head, by what a skull and a neck look like in cross-section; names and lengths are judged elsewhere.
//
// Skull: a closed ring of bone around brain. Nothing below it encloses as much soft tissue: the bony pelvis is open in axial slices,
// vertebral bodies and the sacrum hold less, ribs do not close. Face and neck: one small outline with air inside it. Limits: a skull of
// a child, one opened by surgery, or one cut off by the edge of the image shows no ring; in a narrow reconstruction that cuts the
// patient's outline a face can't be told, but neither can one be made from it. Length and body part speak where shape can't.

/** One cross-section of stored values. */
export interface CrossSection {
  readonly rows: number;
  readonly columns: number;
  readonly rowMm: number;
  readonly columnMm: number;
  /** HU of pixel n, row by row. */
  readonly hu: (n: number) => number;
}

export interface HeadSigns {
  /** A closed ring of bone around brain. */
  readonly skull: boolean;
  /** A whole outline no larger than a head's, with air inside. */
  readonly faceOrNeck: boolean;
}

/** mm; fine enough for the table of the skull, which is closed by taking the brightest pixel of each cell. */
const CELL_MM = 2;
const BONE_HU = 300;
/** Brain with its ventricles, without fat, bone and air. */
const BRAIN_HU = [0, 90] as const;
const BRAIN_PART = 0.85;
/** The vault a centimetre below its top; a sacrum's marrow is less than 50 cm2. */
const LEAST_BRAIN_CM2 = 60;
const BODY_HU = -300;
/** A head is 200 to 300 cm2, a neck 100 to 200, the trunk of a thin adult more than 350. */
const HEAD_CM2 = [60, 330] as const;
const AIR_HU = -400;
const LEAST_AIR_CM2 = 0.5;
/** Beside a leg lies the other. */
const SECOND_PART = 0.2;

export function headSigns(section: CrossSection): HeadSigns {
  const cells = cellsOf(section);
  const { columns, rows, cm2 } = cells;
  const bone = cells.brightest.map((hu) => (hu >= BONE_HU ? 1 : 0));
  const skull = parts(bone, columns, rows, 0).some(
    ({ members, atEdge }) =>
      !atEdge &&
      members.length * cm2 >= LEAST_BRAIN_CM2 &&
      members.filter((n) => cells.middle[n] >= BRAIN_HU[0] && cells.middle[n] <= BRAIN_HU[1]).length >=
        BRAIN_PART * members.length,
  );
  return { skull, faceOrNeck: isFaceOrNeck(cells) };
}

interface Cells {
  readonly columns: number;
  readonly rows: number;
  readonly cm2: number;
  readonly brightest: Float32Array;
  readonly middle: Float32Array;
}

function cellsOf({ rows, columns, rowMm, columnMm, hu }: CrossSection): Cells {
  const [stepJ, stepI] = [rowMm, columnMm].map((mm) => Math.max(1, Math.round(CELL_MM / mm)));
  const [down, across] = [Math.ceil(rows / stepJ), Math.ceil(columns / stepI)];
  const brightest = new Float32Array(down * across).fill(-Infinity);
  const middle = new Float32Array(down * across);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const n = Math.floor(j / stepJ) * across + Math.floor(i / stepI);
      const value = hu(j * columns + i);
      if (value > brightest[n]) brightest[n] = value;
      if (j % stepJ === stepJ >> 1 && i % stepI === stepI >> 1) middle[n] = value;
    }
  return { columns: across, rows: down, cm2: (stepJ * rowMm * stepI * columnMm) / 100, brightest, middle };
}

function isFaceOrNeck({ columns, rows, cm2, middle }: Cells): boolean {
  const body = middle.map((hu) => (hu >= BODY_HU ? 1 : 0));
  const [first, second] = parts(body, columns, rows, 1).toSorted(
    (a, b) => b.members.length - a.members.length,
  );
  if (!first || first.atEdge || (second && second.members.length > SECOND_PART * first.members.length))
    return false;
  const holes = enclosedBy(first.members, columns, rows);
  const outlineCm2 = (first.members.length + holes.length) * cm2;
  const air = holes.filter((n) => middle[n] < AIR_HU).length * cm2;
  return outlineCm2 >= HEAD_CM2[0] && outlineCm2 <= HEAD_CM2[1] && air >= LEAST_AIR_CM2;
}

interface Part {
  readonly members: readonly number[];
  readonly atEdge: boolean;
}

/** Cells of `value`, in pieces that touch at their sides. */
function parts(mask: ArrayLike<number>, columns: number, rows: number, value: 0 | 1): Part[] {
  const seen = new Uint8Array(columns * rows);
  const found: Part[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || mask[start] !== value) continue;
    const members = [start];
    let atEdge = false;
    seen[start] = 1;
    for (let at = 0; at < members.length; at++) {
      const n = members[at];
      const [i, j] = [n % columns, Math.floor(n / columns)];
      if (i === 0 || j === 0 || i === columns - 1 || j === rows - 1) atEdge = true;
      const beside = [
        ...(i > 0 ? [n - 1] : []),
        ...(i < columns - 1 ? [n + 1] : []),
        ...(j > 0 ? [n - columns] : []),
        ...(j < rows - 1 ? [n + columns] : []),
      ];
      for (const next of beside)
        if (!seen[next] && mask[next] === value) {
          seen[next] = 1;
          members.push(next);
        }
    }
    found.push({ members, atEdge });
  }
  return found;
}

function enclosedBy(members: readonly number[], columns: number, rows: number): number[] {
  const wall = new Uint8Array(columns * rows);
  for (const n of members) wall[n] = 1;
  return parts(wall, columns, rows, 0).flatMap((part) => (part.atEdge ? [] : part.members));
}

/** Signs along the patient, mm. */
export interface PlacedSigns extends HeadSigns {
  readonly alongMm: number;
}

/** A sign on one slice may be chance (a ring of metal); on neighbours over a centimetre it is not. */
const LEAST_EXTENT_MM = 10;
/** Slices that lie farther apart are no neighbours. */
const NEIGHBOURS_MM = 8;

/** Whether a sign is seen on neighbouring slices over a centimetre or more. */
export function isSeenOver(signs: readonly PlacedSigns[], sign: keyof HeadSigns): boolean {
  const places = signs
    .filter((one) => one[sign])
    .map(({ alongMm }) => alongMm)
    .toSorted((a, b) => a - b);
  let start = 0;
  return places.some((place, n) => {
    if (n > 0 && place - places[n - 1] > NEIGHBOURS_MM) start = n;
    return n > start && place - places[start] >= LEAST_EXTENT_MM;
  });
}
