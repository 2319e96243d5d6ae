// Storing into a study: segmentations first, each object once, nothing overwritten, and gone on with after an interruption.
import { describe, expect, it } from "vitest";
import { problemText } from "#core/problem-text";
import type { ObjectToStore, StoreOutcome } from "#dicom/dicomweb/archive-types";
import { retrieveObjects } from "#dicom/dicomweb/archive-objects";
import { storeObjects } from "#dicom/dicomweb/store";
import { writePart10 } from "#dicom/part10";
import { sliceFile } from "../synthetic-ct.ts";
import { FakeArchive, json, referenced, seriesOf } from "./fake-archive.ts";

const STUDY = "2.25.1000";
const SEG = "1.2.840.10008.5.1.4.1.1.66.4";
const SR = "1.2.840.10008.5.1.4.1.1.88.34";
const KOS = "1.2.840.10008.5.1.4.1.1.88.59";

const object = (name: string, SOPClassUID: string, change = {}): ObjectToStore => ({
  name,
  bytes: writePart10({
    SOPClassUID,
    SOPInstanceUID: `2.25.9.${name.length}${name.charCodeAt(0)}`,
    StudyInstanceUID: STUDY,
    SeriesInstanceUID: `2.25.8.${name.charCodeAt(0)}`,
    PatientID: "T1",
    Modality: name.toUpperCase(),
    ContentLabel: "A",
    ImageComments: "x".repeat(3000),
    ...change,
  }),
});
const objects = [object("kos", KOS), object("report", SR), object("seg", SEG)];
const POST = /^POST/;

const newArchive = () => new FakeArchive([sliceFile({ position: [0, 0, 0] })]);
const store = (archive: FakeArchive, what: readonly ObjectToStore[] = objects, signal?: AbortSignal) =>
  storeObjects(archive.signedIn(undefined, signal), STUDY, what);
const told = ({ objects: all }: StoreOutcome) =>
  all.map(({ name, state, problem }) => [name, state, problem?.code ?? ""].join(" ").trim());
const answers = (archive: FakeArchive, answer: (uid: string) => Response) => {
  archive.interfere = async ({ method }) => {
    if (method !== "POST") return null;
    return answer(`2.25.9.3${"seg".charCodeAt(0)}`);
  };
};

describe("storing", () => {
  it("sends the segmentation before the report and tells of each", async () => {
    const archive = newArchive();
    const steps: number[] = [];
    const outcome = await storeObjects(archive.signedIn(), STUDY, objects, (done) => steps.push(done));
    expect(told(outcome)).toEqual(["seg stored", "report stored", "kos stored"]);
    expect(outcome.complete).toBe(true);
    expect(steps).toEqual([1, 2, 3]);
    for (const { bytes } of objects)
      expect([...archive.instances.values()].some((there) => Buffer.compare(there, bytes) === 0)).toBe(true);
    expect(archive.requests.filter(({ method }) => method === "POST").map(({ path }) => path)).toEqual(
      Array(3).fill(`/studies/${STUDY}`),
    );
  });

  it("a second time sends nothing", async () => {
    const archive = newArchive();
    await store(archive);
    archive.requests.length = 0;
    expect(told(await store(archive))).toEqual([
      "seg already-there",
      "report already-there",
      "kos already-there",
    ]);
    expect(archive.count(POST)).toBe(0);
  });

  it("takes an object behind another meta header for the same", async () => {
    const archive = newArchive();
    const [, , seg] = objects;
    const file = Buffer.from(seg.bytes);
    const version = file.indexOf("CEMENTVIEW_1");
    file.write("SOMEBODYELSE", version);
    archive.add(new Uint8Array(file));
    expect(told(await store(archive, [seg]))).toEqual(["seg already-there"]);
  });

  it.each([400, 404, 405, 501])(
    "asks within the study where all studies can't be searched (%i)",
    async (status) => {
      const archive = newArchive();
      archive.interfere = ({ path }) =>
        path.startsWith("/instances?") ? new Response("", { status }) : null;
      expect(told(await store(archive, [objects[2]]))).toEqual(["seg stored"]);
      expect(told(await store(archive, [objects[2]]))).toEqual(["seg already-there"]);
      expect(archive.count(POST)).toBe(1);
    },
  );

  it("never overwrites another object of the same UID, and sends nothing after it", async () => {
    const archive = newArchive();
    archive.add(object("seg", SEG, { ContentLabel: "B" }).bytes);
    const outcome = await store(archive);
    expect(told(outcome)).toEqual(["seg refused archive/uid-taken", "report not-sent", "kos not-sent"]);
    expect(outcome.complete).toBe(false);
    expect(archive.count(POST)).toBe(0);
  });

  it("refuses, before anything is sent, what is no DICOM object or of another study", async () => {
    const archive = newArchive();
    const broken = { name: "json", bytes: new TextEncoder().encode("{}") };
    expect(told(await store(archive, [objects[2], broken]))).toEqual([
      "seg not-sent",
      "json refused archive/not-an-object",
    ]);
    const strange = object("other", SEG, { StudyInstanceUID: "1.9" });
    expect(told(await store(archive, [strange]))).toEqual(["other refused archive/another-study"]);
    expect(archive.requests).toEqual([]);
  });

  it.each([
    [200, 0xa700, /out of room \(A700\)/],
    [202, 0xa900, /does not match its own type \(A900\)/],
    [409, 0xc000, /can't understand the object \(C000\)/],
    [200, 0x0122, /does not take objects of this type \(0122\)/],
    [202, 0x9999, /without a reason that is known \(9999\)/],
  ])("reads what failed in an answer %i (%i)", async (status, reason, words) => {
    const archive = newArchive();
    answers(archive, (uid) =>
      json({ "00081198": { vr: "SQ", Value: [referenced(uid, ["00081197", reason])] } }, status),
    );
    const outcome = await store(archive);
    expect(told(outcome)[0]).toBe("seg refused archive/store-refused");
    const why = outcome.objects[0].problem;
    expect(why && problemText(why, "en")).toMatch(words);
    expect(archive.count(POST)).toBe(1);
  });

  it("tells of a warning, though it is stored", async () => {
    const archive = newArchive();
    answers(archive, (uid) =>
      json({ "00081199": { vr: "SQ", Value: [referenced(uid, ["00081196", 0xb006])] } }, 202),
    );
    const outcome = await store(archive, [objects[2]]);
    expect(told(outcome)).toEqual(["seg stored archive/stored-with-warning"]);
    expect(outcome.complete).toBe(true);
  });

  it.each([
    [401, "not-sent archive/sign-in"],
    [403, "not-sent archive/forbidden"],
    [409, "refused archive/conflict"],
    [500, "not-sent archive/server-error"],
  ])("stops at %i without a body", async (status, end) => {
    const archive = newArchive();
    answers(archive, () => new Response("", { status }));
    expect(told(await store(archive))).toEqual([`seg ${end}`, "report not-sent", "kos not-sent"]);
    expect(archive.count(POST)).toBe(1);
  });

  it("looks again where the line broke before the answer: what arrived is not sent twice", async () => {
    const archive = newArchive();
    let posts = 0;
    archive.interfere = async ({ method }) => {
      if (method !== "POST" || ++posts > 1) return null;
      archive.add(objects[2].bytes);
      throw new TypeError("fetch failed");
    };
    expect(told(await store(archive))).toEqual(["seg stored", "report stored", "kos stored"]);
    expect(posts).toBe(3);
  });

  it("sends again what did not arrive", async () => {
    const archive = newArchive();
    let posts = 0;
    archive.interfere = ({ method }) => (method === "POST" && ++posts <= 2 ? "drop" : null);
    expect(told(await store(archive))).toEqual(["seg stored", "report stored", "kos stored"]);
    expect(posts).toBe(5);
  });

  it("goes on with what is missing after it was given up", async () => {
    const archive = newArchive();
    let posts = 0;
    archive.interfere = ({ method }) => (posts > 1 || (method === "POST" && ++posts > 1) ? "drop" : null);
    const outcome = await store(archive);
    expect(told(outcome)).toEqual(["seg stored", "report not-sent archive/unreachable", "kos not-sent"]);
    archive.interfere = () => null;
    archive.requests.length = 0;
    expect(told(await store(archive))).toEqual(["seg already-there", "report stored", "kos stored"]);
    expect(archive.count(POST)).toBe(2);
  });

  it("an archive that says nothing and lists nothing is not believed, but sent to once only", async () => {
    const archive = newArchive();
    answers(archive, () => json([{}]));
    expect(told(await store(archive))[0]).toBe("seg not-sent archive/store-unconfirmed");
    expect(archive.count(POST)).toBe(1);
  });

  it("an archive that answers in XML, and lists the object a moment later, has stored it", async () => {
    const archive = newArchive();
    answers(archive, () => {
      setTimeout(() => archive.add(objects[2].bytes), 5);
      return new Response("<NativeDicomModel/>", { headers: { "Content-Type": "application/dicom+xml" } });
    });
    const limits = archive.wait.bind(archive);
    archive.wait = (ms, signal) =>
      ms > 20_000 ? limits(ms, signal) : new Promise((resolve) => setTimeout(resolve, 3));
    expect(told(await store(archive, [objects[2]]))).toEqual(["seg stored"]);
    expect(archive.count(POST)).toBe(1);
  });

  it("is stopped by the reader", async () => {
    const archive = newArchive();
    const control = new AbortController();
    archive.interfere = ({ method }) => {
      if (method === "POST") control.abort(new DOMException("enough", "AbortError"));
      return null;
    };
    await expect(store(archive, objects, control.signal)).rejects.toThrow("enough");
    expect(archive.count(POST)).toBe(1);
  });
});

describe("findings in an archive", () => {
  it("are retrieved whole, with their kind", async () => {
    const archive = new FakeArchive(objects.map(({ bytes }) => bytes));
    const found = await retrieveObjects(
      archive.signedIn(),
      objects.map(({ bytes }) => seriesOf(bytes)),
    );
    if (!found.ok) throw new Error(found.problem.code);
    expect(found.value.map(({ kind }) => kind)).toEqual(["KOS", "SR", "SEG"]);
    expect(found.value.map(({ bytes }) => Buffer.compare(bytes, new Uint8Array()))).toEqual([1, 1, 1]);
    expect(Buffer.compare(found.value[2].bytes, objects[2].bytes)).toBe(0);
  });

  it("that are others than were asked for are refused", async () => {
    const archive = new FakeArchive([objects[2].bytes]);
    archive.interfere = ({ path }) =>
      /instances\//.test(path) ? archive.multipart([objects[1].bytes]) : null;
    const found = await retrieveObjects(archive.signedIn(), [seriesOf(objects[2].bytes)]);
    expect(found.ok ? "taken" : found.problem.code).toBe("archive/another-instance");
  });
});
