// One of the twenty varied cases as a folder that strangers read: its CT and every export, unpacked.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { findingsSchema, type Findings } from "#cement/model/findings";
import type { SeriesContext } from "#core/study";
import type { CtVolume } from "#core/volume";
import { ctFiles } from "../unit/dicom/small-series.ts";
import { TWENTY_CASES, writeCase } from "../unit/host/twenty-cases.ts";
import { ID, openedCase } from "../unit/host/written-case.ts";

export interface CaseFolder {
  readonly name: string;
  readonly folder: string;
  readonly findings: Findings;
  readonly series: SeriesContext;
  readonly volume: CtVolume;
  readonly ct: readonly string[];
  /** Paths by what the name holds: "cement-seg", "cement-sr". */
  path(kind: string): string | undefined;
}

/** Writes CT and exports; `exporters` beside the zip of everything, by their short ids ("export-nifti"). */
export async function caseFolder(
  name: keyof typeof TWENTY_CASES,
  parent: string,
  exporters: readonly string[] = [],
): Promise<CaseFolder> {
  const one = await openedCase();
  writeCase(one, TWENTY_CASES[name]);
  const folder = join(parent, name.replace(/\W+/g, "-"));
  mkdirSync(join(folder, "ct"), { recursive: true });
  const { series, volume } = one.reading.host.scene.get();
  if (!series || !volume) throw new Error("no case");
  const size = volume.grid.rows * volume.grid.columns;
  const ct = ctFiles(series, (k) => volume.hu.slice(k * size, (k + 1) * size)).map((bytes, k) => {
    const path = join(folder, "ct", `${k}.dcm`);
    writeFileSync(path, bytes);
    return path;
  });
  const run = async (id: string) => one.app.plugins[0].implementation.exporters[`${ID}/${id}`].run();
  const [zip] = await run("export-all");
  const files = Object.entries(unzipSync(zip.bytes)).map(
    ([file, bytes]): { readonly name: string; readonly bytes: Uint8Array } => ({ name: file, bytes }),
  );
  for (const id of exporters) files.push(...(await run(id)));
  for (const file of files) writeFileSync(join(folder, file.name), file.bytes);
  const json = files.find((file) => /cement-findings.*[.]json$/.test(file.name));
  const path = (kind: string): string | undefined => {
    const file = files.find((entry) => entry.name.includes(kind));
    return file && join(folder, file.name);
  };
  return {
    name,
    folder,
    findings: findingsSchema.parse(JSON.parse(strFromU8(json?.bytes ?? new Uint8Array()))),
    series,
    volume,
    ct,
    path,
  };
}

/** What the program says of each segment, by tracking UID. */
export const measuredThings = ({ lesions, leaks, previousCement = [] }: Findings) =>
  [...lesions.flatMap(({ cement }) => cement ?? []), ...leaks, ...previousCement].filter(
    ({ segmentRef }) => segmentRef !== undefined,
  );
