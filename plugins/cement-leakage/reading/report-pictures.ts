// A picture of each leak for the report page, in the plane that shows most of it, with its own marks whatever is on the screen.
import type { Host, OverlayLayer, PictureRequest } from "#contract";
import { crossSections } from "../exports/best-plane.ts";
import type { ReportPicture } from "../exports/report-page.ts";
import { isLeak, leaksOf, type LeakPart } from "../model/case-document.ts";
import { measurePart } from "../model/measures.ts";
import { colorOfPart, glyphOfPart } from "./draw-case.ts";
import type { Reading } from "./reading.ts";

const BONE_WINDOW = { widthHu: 2000, levelHu: 500 } as const;
/** CSS pixels that letters are sized for, and the file's pixels for each of them: about 290 dpi where four stand side by side. */
const SIZE_PX = { wide: 280, tall: 330 } as const;
const PIXEL_RATIO = 1.8;
/** mm shown around a leak: enough to know the place again, not so much that a small leak is lost. */
const FIELD_MM = { least: 70, most: 160, timesExtent: 2 } as const;

/** In the order of the leaks; without those that have no voxels, and without any where nothing draws images here. */
export async function reportPictures(reading: Reading): Promise<ReportPicture[]> {
  const pictures: ReportPicture[] = [];
  for (const part of leaksOf(reading.document.get())) {
    const request = requestFor(reading, part);
    const png = request && (await captured(reading.host, request));
    if (!png) continue;
    const { plane } = request;
    pictures.push({
      leakId: `K${part.leak.number}`,
      dataUrl: `data:image/png;base64,${base64(new Uint8Array(await png.arrayBuffer()))}`,
      plane,
      window: BONE_WINDOW,
    });
  }
  return pictures;
}

function requestFor(reading: Reading, part: LeakPart): PictureRequest | null {
  const { volume } = reading.host.scene.get();
  const mask = reading.maskOf(part.partId);
  const [best] = mask && volume ? crossSections(mask, volume.grid) : [];
  if (!mask || !volume || !best) return null;
  const extentMm = measurePart(mask, volume).longestExtentMm;
  const { least, most, timesExtent } = FIELD_MM;
  return {
    plane: best.plane,
    at: best.at,
    widthPx: SIZE_PX.wide,
    heightPx: SIZE_PX.tall,
    pixelRatio: PIXEL_RATIO,
    fieldMm: Math.max(least, Math.min(most, timesExtent * extentMm)),
    window: BONE_WINDOW,
    marks: {
      layers: layersAround(reading, part),
      markers: [
        {
          id: part.partId,
          at: best.at,
          text: String(part.leak.number),
          color: colorOfPart(part),
          glyph: glyphOfPart(part),
          emphasized: false,
        },
      ],
    },
  };
}

/** The leak in full, the cement in bone and the other leaks as thin lines. */
function layersAround(reading: Reading, leak: LeakPart): OverlayLayer[] {
  const { parts } = reading.document.get();
  const leakLast = [...parts.filter((part) => part.partId !== leak.partId), leak];
  return leakLast.flatMap((part): OverlayLayer[] => {
    const mask = reading.maskOf(part.partId);
    if (!mask || (part.role !== "intraosseous" && !isLeak(part))) return [];
    const itself = part.partId === leak.partId;
    return [
      {
        id: part.partId,
        mask,
        color: colorOfPart(part),
        fillOpacity: itself ? 0.25 : 0,
        outlineWidthPx: itself ? 1.5 : 0.75,
        surface: false,
      },
    ];
  });
}

/** Null where this host draws no images (a command line, a test). */
async function captured(host: Host, request: PictureRequest): Promise<Blob | null> {
  try {
    return await host.view.capture(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    throw error;
  }
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let n = 0; n < bytes.length; n += 0x8000)
    text += String.fromCharCode(...bytes.subarray(n, n + 0x8000));
  return btoa(text);
}
