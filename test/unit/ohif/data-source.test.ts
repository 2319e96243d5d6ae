// Which archive OHIF's data source is, as whom it is asked, and where a CT's own files come from.
import { describe, expect, it } from "vitest";
import { ProblemError } from "#core/problem";
import { problemText } from "#core/problem-text";
import {
  archivePlace,
  credentialsNow,
  signedInAsOhif,
} from "../../../plugins/cement-leakage/ohif/data-source.ts";
import { isOfFiles, originalFiles } from "../../../plugins/cement-leakage/ohif/original-files.ts";
import { headlessWorker } from "./fake-worker.ts";

const source = (config: object | undefined) => ({
  getActiveDataSource: () => [{ getConfig: () => config }],
  getModuleEntry: () => undefined,
});
const signedInWith = (header?: string) => ({
  getAuthorizationHeader: () => (header === undefined ? undefined : { Authorization: header }),
});

describe("OHIF's data source", () => {
  it("is the archive where one root is searched, retrieved from and stored to", () => {
    const root = "https://pacs.example/dicom-web";
    expect(archivePlace(source({ wadoRoot: root, qidoRoot: root }))).toEqual({ url: root, login: "page" });
    expect(archivePlace(source({ wadoRoot: root, qidoRoot: "https://other.example" }))).toBeNull();
    expect(archivePlace(source({ wadoRoot: root, qidoRoot: root, staticWado: true }))).toBeNull();
    expect(archivePlace(source({ friendlyName: "files" }))).toBeNull();
    expect(archivePlace(source(undefined))).toBeNull();
  });

  it("is asked with the sign-in that OHIF has at that moment", async () => {
    expect(credentialsNow(signedInWith())).toEqual({ kind: "none" });
    expect(credentialsNow(signedInWith(`Basic ${btoa("reader:a:b")}`))).toEqual({
      kind: "basic",
      user: "reader",
      password: "a:b",
    });
    const tokens = ["Bearer first", "Bearer second"];
    const { worker, asked } = headlessWorker();
    const line = signedInAsOhif(worker, {
      getAuthorizationHeader: () => ({ Authorization: tokens.shift() ?? "" }),
    });
    const address = { rootUrl: "https://pacs.example", credentials: { kind: "none" } } as const;
    await line.archive.series(address, "2.25.1");
    await line.archive.store(address, "2.25.1", []);
    expect(asked.map(({ credentials }) => credentials)).toEqual([
      { kind: "bearer", token: "first" },
      { kind: "bearer", token: "second" },
    ]);
  });
});

describe("the CT's own files", () => {
  const image = (n: number, url: string) => ({
    SOPInstanceUID: `2.25.${n}`,
    SeriesInstanceUID: "2.25.100",
    StudyInstanceUID: "2.25.200",
    InstanceNumber: n,
    url,
  });
  const displaySet = (instances: ReturnType<typeof image>[]) => ({
    displaySetInstanceUID: "d",
    StudyInstanceUID: "2.25.200",
    SeriesInstanceUID: "2.25.100",
    Modality: "CT",
    instances,
  });
  const fromDisk = displaySet([image(1, "dicomfile:0"), image(2, "dicomfile:1"), image(3, "dicomfile:2")]);
  const { signal } = new AbortController();

  it("are told from those of an archive", () => {
    expect(isOfFiles(fromDisk)).toBe(true);
    expect(isOfFiles(displaySet([image(1, "dicomweb:https://files.example/1.dcm")]))).toBe(true);
    expect(isOfFiles(displaySet([image(1, "wadors:https://pacs.example/frames/1")]))).toBe(false);
  });

  it("come in the order of the images, whichever is there first", async () => {
    const loader = {
      findDicomDataPromise: async (asked: object) => {
        const { instance } = asked as { instance: { InstanceNumber: number } };
        await new Promise((wake) => setTimeout(wake, 10 * (4 - instance.InstanceNumber)));
        return new Uint8Array([instance.InstanceNumber]).buffer;
      },
    };
    const files = await originalFiles(fromDisk, loader, undefined, signal);
    const bytes = await Promise.all(
      files.map(async ({ file }) => new Uint8Array(await file.arrayBuffer())[0]),
    );
    expect(bytes).toEqual([1, 2, 3]);
  });

  it("that can't be had are named in words", async () => {
    const loader = { findDicomDataPromise: () => Promise.reject(new Error("HTTP 404")) };
    const error: unknown = await originalFiles(fromDisk, loader, undefined, signal).catch((e: unknown) => e);
    if (!(error instanceof ProblemError)) throw error;
    expect(problemText(error.problem, "en")).toMatch(/no file for image-\d[.]dcm \(HTTP 404\)/);
    expect(problemText(error.problem, "zh")).toMatch(/未能提供图像/);
  });
});
