// Key images as pictures with the leak's outline in their pixels, for an archive that shows neither segmentations nor key objects.
import type { SecondaryCaptureDocument } from "#core/secondary-capture-document";
import type { Vec3 } from "#core/space";
import { type CtVolume, voxelIndex } from "#core/volume";
import {
  type Rgb,
  type RgbImage,
  drawText,
  fillBox,
  lineHeight,
  textWidth,
  wrapped,
} from "#voxels/dot-letters";
import { type RunMask, maskHas } from "#voxels/mask";
import { volumeText } from "../model/measures.ts";
import { siteOf } from "../model/sites.ts";
import { largestSlice } from "./key-objects.ts";
import { type NumberedSegment, type PreparedExport, seriesOf } from "./prepare.ts";
import { colorOf } from "./segmentation.ts";

/** Bone window (DOMAIN §1.3): cement stays apart from bone, and what lies beside it is still seen. */
const WINDOW = { widthHu: 2000, levelHu: 500 } as const;
/** Small matrices are drawn larger by a whole factor, so that the words fit. */
const LEAST_WIDTH = 512;
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
const GAP = 4;

export interface Picture {
  readonly leakId: string;
  readonly document: SecondaryCaptureDocument;
}

/**
 * For each leak with voxels the slice of its largest cross-section, as the key object selection has it, with every segment outlined and
 * a line about the leak below the image. No name, number or date of the patient is in the pixels. Empty where no UIDs were made for
 * pictures.
 */
export function leakPictures(prepared: PreparedExport, volume: CtVolume): Picture[] {
  const { source, uids } = prepared;
  const { grid } = volume;
  const leaks = prepared.segments.filter((segment) => segment.kind === "leak");
  return leaks.flatMap((segment, n): Picture[] => {
    const sopInstanceUid = uids.pictures?.sopInstanceUids[n];
    if (!uids.pictures || sopInstanceUid === undefined) return [];
    const k = largestSlice(segment.mask);
    const zoom = Math.max(1, Math.ceil(LEAST_WIDTH / grid.columns));
    const { leak } = segment;
    const words = [
      `${leak.leakId} ${siteOf(leak.site).name.en}, ${leak.side}${leak.volumeMm3 === undefined ? "" : `, ${volumeText(leak.volumeMm3)}`}`,
      `slice ${k + 1} of ${grid.slices}, W ${WINDOW.widthHu} L ${WINDOW.levelHu}${prepared.findings.status === "draft" ? ", DRAFT" : ""}`,
      "Not for diagnosis: not a medical device",
    ];
    const image = drawn(volume, k, zoom, prepared.segments, segment, words);
    return [
      {
        leakId: leak.leakId,
        document: {
          identity: {
            ...seriesOf(prepared, "pictures"),
            seriesInstanceUid: uids.pictures.seriesInstanceUid,
            sopInstanceUid,
          },
          source,
          equipment: prepared.equipment,
          bodyPart: bodyPartOf(prepared),
          instanceNumber: n + 1,
          rows: image.height,
          columns: image.width,
          rgb: image.rgb,
          pixelSpacingMm: [grid.rowSpacingMm / zoom, grid.columnSpacingMm / zoom],
          rowDirection: grid.rowDirection,
          columnDirection: grid.columnDirection,
          sourceImage: source.instances[k],
          derivation: `CT slice, window ${WINDOW.widthHu}/${WINDOW.levelHu} HU, segments outlined`,
          comments: words.join("; "),
        },
      },
    ];
  });
}

/** The spine where only vertebrae were treated, else the pelvis. */
function bodyPartOf({ findings: { lesions } }: PreparedExport): SecondaryCaptureDocument["bodyPart"] {
  return lesions.length > 0 && lesions.every(({ bone }) => bone === "vertebra") ? "SPINE" : "PELVIS";
}

function drawn(
  { hu, grid }: CtVolume,
  k: number,
  zoom: number,
  segments: readonly NumberedSegment[],
  shown: NumberedSegment,
  words: readonly string[],
): RgbImage {
  const width = grid.columns * zoom;
  const lines = words.flatMap((line) => wrapped(line, width - 2 * GAP, 1));
  const scale = width >= 1024 ? 2 : 1;
  const imageHeight = grid.rows * zoom;
  const height = imageHeight + lines.length * lineHeight(scale) + 2 * GAP;
  const image: RgbImage = { width, height, rgb: new Uint8Array(3 * width * height) };
  const low = WINDOW.levelHu - WINDOW.widthHu / 2;
  for (let j = 0; j < grid.rows; j++)
    for (let i = 0; i < grid.columns; i++) {
      const grey = Math.max(
        0,
        Math.min(255, Math.round((255 * (hu[voxelIndex(grid, i, j, k)] - low)) / WINDOW.widthHu)),
      );
      fillBox(image, i * zoom, j * zoom, zoom, zoom, [grey, grey, grey]);
    }
  for (const segment of segments) outline(image, segment.mask, k, zoom, rgbOf(colorOf(segment)));
  const [i, j] = corner(shown.mask, k);
  const label = shown.kind === "leak" ? shown.leak.leakId : "";
  drawText(
    image,
    label,
    {
      x: Math.min(i * zoom + 2 * GAP, width - textWidth(label, scale + 1) - GAP),
      y: Math.max(GAP, j * zoom - lineHeight(scale + 1) - GAP),
    },
    { scale: scale + 1, rgb: WHITE, backing: BLACK },
  );
  sides(image, imageHeight, grid.rowDirection, scale + 1);
  lines.forEach((line, n) =>
    drawText(image, line, { x: GAP, y: imageHeight + GAP + n * lineHeight(scale) }, { scale, rgb: WHITE }),
  );
  return image;
}

/** A line along the segment's border, inside its voxels. */
function outline(image: RgbImage, mask: RunMask, k: number, zoom: number, rgb: Rgb): void {
  const thick = Math.max(1, Math.floor(zoom / 3));
  for (let j = 0; j < mask.rows; j++) {
    const row = k * mask.rows + j;
    for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++)
      for (let i = mask.start[n]; i < mask.end[n]; i++) {
        const [x, y] = [i * zoom, j * zoom];
        if (!maskHas(mask, i - 1, j, k)) fillBox(image, x, y, thick, zoom, rgb);
        if (!maskHas(mask, i + 1, j, k)) fillBox(image, x + zoom - thick, y, thick, zoom, rgb);
        if (!maskHas(mask, i, j - 1, k)) fillBox(image, x, y, zoom, thick, rgb);
        if (!maskHas(mask, i, j + 1, k)) fillBox(image, x, y + zoom - thick, zoom, thick, rgb);
      }
  }
}

/** Upper right of the mask's voxels in this slice. */
function corner(mask: RunMask, k: number): readonly [number, number] {
  let [i, j] = [0, mask.rows];
  for (let row = k * mask.rows; row < (k + 1) * mask.rows; row++)
    for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++) {
      i = Math.max(i, mask.end[n]);
      j = Math.min(j, row - k * mask.rows);
    }
  return [i, j];
}

/** R and L at the edges that they are at; nothing where rows do not run from side to side. */
function sides(image: RgbImage, height: number, [x]: Vec3, scale: number): void {
  if (Math.abs(x) < 0.5) return;
  const y = Math.round(height / 2 - 4 * scale);
  const style = { scale, rgb: WHITE, backing: BLACK };
  drawText(image, x > 0 ? "R" : "L", { x: GAP, y }, style);
  drawText(image, x > 0 ? "L" : "R", { x: image.width - textWidth("L", scale) - GAP, y }, style);
}

const rgbOf = (hex: string): Rgb => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];
