// How the case looks in the images: a colour by site, an outline for what is selected, a numbered shape for each leak.
import type { Marker, OverlayLayer } from "#contract";
import { emptyMask, isEmpty, type RunMask } from "#voxels/mask";
import { isLeak, leaksOf, SPECKS_MASK_ID, type Part } from "../model/case-document.ts";
import { measurePart } from "../model/measures.ts";
import { siteOf, type Glyph } from "../model/sites.ts";
import type { Finder } from "./find.ts";
import type { Preview } from "./draw-tools.ts";
import { nearestInside } from "./nearest-inside.ts";
import { readsToCompare } from "./other-reads.ts";
import type { Reading } from "./reading.ts";

export const INTRAOSSEOUS_COLOR = "#b197fc";
export const UNDECIDED_COLOR = "#ffffff";
const NOT_CEMENT_COLOR = "#868e96";
const OPEN_LEAK_COLOR = "#ff922b";
const TRYING_COLOR = "#ffffff";

/** Colour of a part in images and lists. */
export function colorOfPart(part: Part): string {
  if (isLeak(part)) return part.leak.site ? siteOf(part.leak.site).color : OPEN_LEAK_COLOR;
  if (part.role === "undecided" && part.proposed) return siteOf(part.proposed.site).color;
  if (part.role === "undecided" && part.segment?.color) return part.segment.color;
  return part.role === "intraosseous"
    ? INTRAOSSEOUS_COLOR
    : part.role === "not_cement"
      ? NOT_CEMENT_COLOR
      : UNDECIDED_COLOR;
}

export function glyphOfPart(part: Part): Glyph {
  const site = part.leak?.site ?? (part.role === "undecided" ? part.proposed?.site : null);
  return site ? siteOf(site).glyph : "circle";
}

/** Outlines of the reads that are being compared, without a fill: what lies under them stays to be seen. */
const READ_COLORS = ["#ffffff", "#fcc419"] as const;
/** "A1" is the first reader's leak 1. */
export const READ_LETTERS = ["A", "B"] as const;

function readsAside(reading: Reading): { layers: OverlayLayer[]; markers: Marker[] } {
  const layers: OverlayLayer[] = [];
  const markers: Marker[] = [];
  readsToCompare(reading)?.forEach((side, which) => {
    if (side.readId === null) return; // the reading on the screen is drawn as always
    for (const part of leaksOf(side.document)) {
      const mask = side.maskOf(part.partId);
      const { volume } = reading.host.scene.get();
      if (!mask || !volume || isEmpty(mask)) continue;
      const id = `${side.readId}/${part.partId}`;
      const color = READ_COLORS[which];
      layers.push({ id, mask, color, fillOpacity: 0, outlineWidthPx: 1.5, surface: false });
      markers.push({
        id,
        at: nearestInside(mask, volume.grid, measurePart(mask, volume).centroidPatient),
        text: `${READ_LETTERS[which]}${part.leak.number}`,
        color,
        glyph: part.leak.site ? siteOf(part.leak.site).glyph : "circle",
        emphasized: false,
      });
    }
  });
  return { layers, markers };
}

export interface CaseDrawing {
  redraw(): void;
  readonly preview: Preview;
  dispose(): void;
}

export function drawCase(reading: Reading, finder: () => Finder): CaseDrawing {
  let previewed: Parameters<Preview>[0] = null;
  /** On the screen already: what else the reading tells while the slider moves changes nothing there. */
  let drawnTrial: ReturnType<Finder["tried"]> = null;

  function layerOf(part: Part, mask: RunMask): OverlayLayer {
    const selected = part.partId === reading.state.get().selectedPartId;
    return {
      id: part.partId,
      mask,
      color: colorOfPart(part),
      fillOpacity: part.role === "not_cement" ? 0.12 : selected ? 0.45 : 0.28,
      outlineWidthPx: selected ? 2.5 : 1.25,
      surface: part.role === "intraosseous" || part.role === "leak" || part.role === "undecided",
    };
  }

  function redraw(): void {
    const { volume } = reading.host.scene.get();
    if (!volume) {
      reading.host.overlays.set([]);
      reading.host.markers.set([]);
      return;
    }
    const tried = finder().tried();
    if (tried) {
      if (tried === drawnTrial) return;
      drawnTrial = tried;
      reading.host.overlays.set([
        {
          id: "trying",
          mask: tried.mask,
          color: TRYING_COLOR,
          fillOpacity: 0.35,
          outlineWidthPx: 1.25,
          surface: false,
        },
      ]);
      return;
    }
    drawnTrial = null;
    const { parts } = reading.document.get();
    const layers = parts.flatMap((part): OverlayLayer[] => {
      if (part.hidden) return [];
      const mask =
        previewed && previewed.partId === part.partId ? previewed.mask : reading.maskOf(part.partId);
      return mask && !isEmpty(mask) ? [layerOf(part, mask)] : [];
    });
    const specks = reading.maskOf(SPECKS_MASK_ID);
    if (specks)
      layers.unshift({
        id: SPECKS_MASK_ID,
        mask: specks,
        color: NOT_CEMENT_COLOR,
        fillOpacity: 0.12,
        outlineWidthPx: 1,
        surface: false,
      });
    if (previewed && previewed.partId === null)
      layers.push({
        id: "stroke",
        mask: previewed.mask ?? emptyMask(volume.grid),
        color: UNDECIDED_COLOR,
        fillOpacity: 0.45,
        outlineWidthPx: 2.5,
        surface: false,
      });
    const aside = readsAside(reading);
    reading.host.overlays.set([...layers, ...aside.layers]);
    reading.host.markers.set([...parts.flatMap(markerOf), ...aside.markers]);
  }

  function markerOf(part: Part): Marker[] {
    if (part.hidden || (part.role !== "leak" && part.role !== "undecided")) return [];
    const at = reading.pointOf(part);
    if (!at) return [];
    return [
      {
        id: part.partId,
        at,
        text: isLeak(part) ? String(part.leak.number) : "?",
        color: colorOfPart(part),
        glyph: glyphOfPart(part),
        emphasized: part.partId === reading.state.get().selectedPartId,
      },
    ];
  }

  const stops = [
    reading.document.subscribe(redraw),
    reading.host.masks.subscribe(redraw),
    reading.state.subscribe(redraw),
    reading.host.scene.subscribe(redraw),
  ];
  return {
    redraw,
    preview(change) {
      previewed = change;
      redraw();
    },
    dispose: () => stops.forEach((stop) => stop()),
  };
}
