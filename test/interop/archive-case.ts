// What the tests of a real archive share: calls that are watched, files put into it, a case with its exports.
import { expect } from "vitest";
import { caseFiles } from "#cement/exports/bundle";
import { parseArchiveAddress } from "#dicom/dicomweb/archive-address";
import { readArchiveSeries } from "#dicom/dicomweb/archive-series";
import type { Credentials, ObjectToStore } from "#dicom/dicomweb/archive-types";
import type { ArchiveCall, Network } from "#dicom/dicomweb/network";
import { searchSeries } from "#dicom/dicomweb/search";
import { storeObjects } from "#dicom/dicomweb/store";
import { loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { readHeader } from "#dicom/read-header";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { browserNetwork } from "#host/archive-end";
import { smallCase } from "../unit/cement/small-case.ts";
import { smallCtFiles } from "../unit/dicom/small-series.ts";
import type { Orthanc } from "./orthanc.ts";

const IMAGE = /\/series\/.*\/instances\//;

/** The real network; waits are shorter by `speed`, and what is asked for is kept. */
export function watched(speed = 1) {
  const asked: string[] = [];
  const network: Network = {
    ...browserNetwork,
    wait: (ms, signal) => browserNetwork.wait(ms > 20_000 ? ms : ms / speed, signal),
    fetch: (url, init) => {
      asked.push(`${init.method} ${new URL(url).pathname}`);
      return browserNetwork.fetch(url, init);
    },
  };
  return { network, asked, images: () => asked.filter((what) => IMAGE.test(what)).length };
}

export function callOf(
  orthanc: Orthanc,
  network: Network,
  credentials: Credentials = { kind: "none" },
): ArchiveCall {
  const address = parseArchiveAddress(orthanc.dicomWeb, "http://page.test/", credentials);
  if (!address.ok) throw new Error(address.problem.code);
  return { network, address: address.value };
}

export const named = (files: readonly Uint8Array[]): ObjectToStore[] =>
  files.map((bytes, n) => ({ name: `file ${n}`, bytes }));
export const studyOf = (file: Uint8Array): string => {
  const header = readHeader(file, "file");
  return header.ok ? header.value.study.studyInstanceUid : "";
};

export async function putIn(orthanc: Orthanc, files: readonly Uint8Array[], credentials?: Credentials) {
  const call = callOf(orthanc, browserNetwork, credentials);
  const outcome = await storeObjects(call, studyOf(files[0]), named(files));
  expect(outcome.objects.filter(({ problem }) => problem !== null)).toEqual([]);
  expect(outcome.complete).toBe(true);
}

export async function seriesIn(call: ArchiveCall, study: string) {
  const listed = await searchSeries(call, study);
  if (!listed.ok) throw new Error(listed.problem.code);
  const read = await readArchiveSeries(
    call,
    listed.value.filter(({ kind }) => kind === "images"),
  );
  if (!read.ok) throw new Error(read.problem.code);
  return { listed: listed.value, ...read.value };
}

export async function fromFiles(files: readonly Uint8Array[]) {
  const local = await readFiles(files.map((bytes, n) => memoryFile(`f${n}`, bytes)));
  return loadSeries(local.series[0]);
}

/** A finished case on the small CT: its CT files, and its SEG, SR and key objects. */
export function exportedCase() {
  const input = smallCase();
  const files = caseFiles(input, {
    encodeSegmentation: writeSegmentation,
    encodeReport: writeReport,
    encodeKeyObjects: writeKeyObjects,
  });
  if (!files.ok) throw new Error(files.problem.code);
  const objects = files.value.flatMap(({ kind, name, bytes }) =>
    ["SR", "SEG", "KOS"].includes(kind) ? [{ name, bytes }] : [],
  );
  return { ct: smallCtFiles(input.source), objects, study: input.source.study.studyInstanceUid };
}
