// The JPEG-LS coat of the comparison's series comes off again: our reader finds the same header and the same values.
import { expect, it } from "vitest";
import { loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { provideInstalledCodecs } from "../../../src/cli/codec-files.ts";
import { makePhantom } from "../../../sample-data/make-phantom.ts";
import { jpegLsFiles } from "../../bench/app/jpeg-ls-files.ts";

it("writes files that are smaller and hold the same values", async () => {
  provideInstalledCodecs();
  const coat = await jpegLsFiles();
  const phantom = makePhantom({ columns: 64, sliceMm: 20 }, 8);
  const native = [...phantom.files()];
  const files = native.map(({ fileName, bytes }) => memoryFile(fileName, coat(bytes)));
  const { series, rejected } = await readFiles(files);
  expect(rejected).toEqual([]);
  expect(series[0].instances.map(({ header }) => header.transferSyntaxUid)).toEqual(
    native.map(() => "1.2.840.10008.1.2.4.80"),
  );
  const loaded = await loadSeries(series[0]);
  if (!loaded.ok) throw new Error(loaded.problem.code);
  expect(loaded.value.volume.hu).toEqual(phantom.volume.hu);
  expect(files[0].size).toBeLessThan(native[0].bytes.length);
});
