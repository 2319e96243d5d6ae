// The segmentation among exported files, read back onto the CT that it was made of.
import type { VoxelGrid } from "#core/space";
import { loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { readSegmentationOnto, type DecodedSegment } from "#dicom/read-segmentation";
import type { WrittenFile } from "./phantom-case.ts";
import { namesOf, type Exported } from "./read-in-both.ts";

export async function exportedSegments(
  exported: Exported,
  ct: readonly WrittenFile[],
): Promise<{ readonly grid: VoxelGrid; readonly segments: readonly DecodedSegment[] }> {
  const { series } = await readFiles(ct.map(({ name, bytes }) => memoryFile(name, bytes)));
  const loaded = await loadSeries(series[0]);
  if (!loaded.ok) throw new Error(loaded.problem.code);
  const [name] = namesOf(exported, /seg[^/]*[.]dcm$/);
  const read = readSegmentationOnto(exported[name], loaded.value.context);
  if (!read.ok) throw new Error(read.problem.code);
  return { grid: loaded.value.volume.grid, segments: read.value.segments };
}
