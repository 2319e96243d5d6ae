// Confirmed leaks as a labelmap of OHIF's own: its segmentation panel, its tools and its 3D then see them. A copy, and one way only.
import { voxelFromPatient, type VoxelGrid } from "#core/space";
import { maskPrefix } from "#host/case-edits";
import { rgbFromHex } from "#viewport/mask-paint";
import { forEachRun, type RunMask } from "#voxels/mask";
import { caseDocumentSchema, leaksOf, maskIdOfPart } from "../model/case-document.ts";
import { siteOf } from "../model/sites.ts";
import { manifest } from "../manifest.ts";
import type { OhifHost } from "./host-adapter.ts";
import type { Cornerstone, LabelmapLayer } from "./ohif-types.ts";
import { wordsIn } from "./words.ts";

/** Of the one copy that is kept: a newer one takes its place. */
const SEGMENTATION = "cement-leakage-leaks";

interface MirroredLeak {
  readonly label: string;
  readonly color: string;
  readonly mask: RunMask;
}

/** Leaks with a site, in the order of their numbers. */
function confirmedLeaks({ app }: OhifHost): MirroredLeak[] {
  const { documents, masks, locale } = app.state.get();
  const document = caseDocumentSchema.safeParse(documents[manifest.id]);
  if (!document.success) return [];
  return leaksOf(document.data).flatMap(({ partId, leak }) => {
    const mask = masks.get(`${maskPrefix(manifest.id)}${maskIdOfPart(partId)}`);
    if (!mask || !leak.site) return [];
    const { name, color } = siteOf(leak.site);
    return [{ label: `${leak.number} ${name[locale]}`, color, mask }];
  });
}

/** Copies them; the answer is how many. Throws where OHIF does not show the CT any more. */
export async function mirrorLeaks(host: OhifHost): Promise<number> {
  const { app, services, cornerstone } = host;
  const { series } = app.state.get().scene;
  const leaks = confirmedLeaks(host);
  if (!series || leaks.length === 0) return 0;
  const shown = services.displaySetService
    .getActiveDisplaySets()
    .find((set) => set.SeriesInstanceUID === series.seriesInstanceUid);
  if (!shown) throw new Error("OHIF has closed the CT");
  const { segmentationService, viewportGridService } = services;
  if (segmentationService.getSegmentation(SEGMENTATION)) segmentationService.remove(SEGMENTATION);
  await segmentationService.createLabelmapForDisplaySet(shown, {
    segmentationId: SEGMENTATION,
    label: wordsIn(app.state.get().locale).segmentation,
    segments: Object.fromEntries(leaks.map(({ label }, n) => [n + 1, { label, active: n === 0 }])),
  });
  const libraries = cornerstone.getCornerstoneLibraries();
  const { segmentation } = libraries.cornerstoneTools;
  const labelmap = segmentation.state.getSegmentation(SEGMENTATION)?.representationData.Labelmap;
  const layer = Object.values(labelmap?.labelmaps ?? {})[0] ?? labelmap;
  if (!isLayer(layer)) throw new Error("OHIF made no labelmap");
  fillLabels(layer, leaks, series.grid, libraries.cornerstone);
  const viewportId = viewportGridService.getActiveViewportId();
  await segmentationService.addSegmentationRepresentation(viewportId, { segmentationId: SEGMENTATION });
  leaks.forEach(({ color }, n) =>
    segmentationService.setSegmentColor?.(viewportId, SEGMENTATION, n + 1, [...rgbFromHex(color), 255]),
  );
  segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(SEGMENTATION);
  return leaks.length;
}

const isLayer = (layer: Partial<LabelmapLayer> | undefined): layer is LabelmapLayer =>
  layer?.imageIds !== undefined && layer.referencedImageIds !== undefined;

/** Each image of labels lies on one of the CT's, whose place in the patient tells the slice: OHIF has them in an order of its own. */
function fillLabels(
  { imageIds, referencedImageIds }: LabelmapLayer,
  leaks: readonly MirroredLeak[],
  grid: VoxelGrid,
  { cache, metaData }: Cornerstone,
): void {
  const labelsOfSlice = new Map(
    imageIds.map((id, n) => {
      const place = metaData.get("imagePlaneModule", referencedImageIds[n])?.imagePositionPatient;
      const labels = cache.getImage(id)?.voxelManager.getScalarData();
      if (!place || !labels) throw new Error(`OHIF has no image ${id}`);
      return [Math.round(voxelFromPatient(grid, place)[2]), labels];
    }),
  );
  leaks.forEach(({ mask }, n) =>
    forEachRun(mask, (j, k, start, end) => {
      labelsOfSlice.get(k)?.fill(n + 1, j * grid.columns + start, j * grid.columns + end);
    }),
  );
}
