// What can go wrong with an archive: each in words that say what to do, tried again where that helps, and never with a secret in it.
import { describe, expect, it } from "vitest";
import type { Problem } from "#core/problem";
import { problemText } from "#core/problem-text";
import { parseArchiveAddress } from "#dicom/dicomweb/archive-address";
import type { Credentials, StudyQuery } from "#dicom/dicomweb/archive-types";
import { searchSeries, searchStudies } from "#dicom/dicomweb/search";
import { sliceFile } from "../synthetic-ct.ts";
import { FakeArchive, json } from "./fake-archive.ts";

const EVERYTHING: StudyQuery = {
  patientName: "",
  patientId: "",
  studyDateFrom: "",
  studyDateTo: "",
  modality: "",
  limit: 10,
  offset: 0,
};
const SECRET = "s3cret";
const BASIC: Credentials = { kind: "basic", user: "viewer", password: SECRET };

const archiveWith = (answer: FakeArchive["interfere"]): FakeArchive => {
  const archive = new FakeArchive([sliceFile({ position: [0, 0, 0] })]);
  archive.interfere = answer;
  return archive;
};
async function refusal(archive: FakeArchive, credentials: Credentials = BASIC): Promise<Problem> {
  const found = await searchStudies(archive.signedIn(credentials), EVERYTHING);
  if (found.ok) throw new Error("it was accepted");
  return found.problem;
}
const html = () =>
  new Response("<html>Sign in</html>", { headers: { "Content-Type": "text/html; charset=utf-8" } });

describe("an archive that", () => {
  it.each([
    ["refuses the sign-in", 401, "archive/wrong-credentials", 1],
    ["forbids it", 403, "archive/forbidden", 1],
    ["has no such thing", 404, "archive/not-found", 1],
    ["sees a conflict", 409, "archive/conflict", 1],
    ["fails", 500, "archive/server-error", 1],
    ["answers oddly", 418, "archive/unexpected-status", 1],
    ["is busy", 503, "archive/busy", 6],
    ["asks for patience", 429, "archive/busy", 6],
  ])("%s (%i)", async (_what, status, code, requests) => {
    const archive = archiveWith(() => new Response(`secret ${SECRET}`, { status }));
    const found = await refusal(archive);
    expect(found.code).toBe(code);
    expect(archive.requests).toHaveLength(requests);
    for (const locale of ["en", "zh"] as const) {
      expect(problemText(found, locale)).toContain("pacs.test");
      expect(problemText(found, locale)).toContain(String(code === "archive/conflict" ? 409 : status));
    }
    expect(JSON.stringify(found)).not.toContain(SECRET);
  });

  it("wants a sign-in where none was given", async () => {
    const archive = archiveWith(() => new Response("", { status: 401 }));
    expect((await refusal(archive, { kind: "none" })).code).toBe("archive/sign-in");
  });

  it.each([
    ["a page to sign in at", html, "archive/not-dicom"],
    ["JSON of another kind", () => json("yes"), "archive/not-dicom"],
    ["half of its JSON", () => new Response('[{"0020000D":{"vr"'), "archive/not-dicom"],
    [
      "more than any search finds",
      () => new Response(new Uint8Array(40 << 20).fill(32)),
      "archive/answer-too-large",
    ],
  ])("answers with %s", async (_what, answer, code) => {
    const found = await refusal(archiveWith(answer));
    expect(found.code).toBe(code);
    expect(problemText(found, "en")).not.toMatch(/undefined|NaN/);
  });

  it("leads elsewhere gets no password there: the redirect is not followed", async () => {
    const seen: (RequestInit["redirect"] | undefined)[] = [];
    const archive = archiveWith(
      () => new Response("", { status: 302, headers: { Location: "https://x.test/" } }),
    );
    const { fetch } = archive;
    archive.fetch = (url, init) => {
      seen.push(init.redirect);
      return fetch.call(archive, url, init);
    };
    expect((await refusal(archive)).code).toBe("archive/redirected");
    await refusal(archive, { kind: "none" });
    expect(seen).toEqual(["manual", "follow"]);
  });

  it("can't be reached is asked six times, with growing waits that differ", async () => {
    const archive = archiveWith(() => "drop");
    expect((await refusal(archive)).code).toBe("archive/unreachable");
    expect(archive.requests).toHaveLength(6);
    expect(archive.waits).toEqual([375, 750, 1500, 3000, 6000]);
  });

  it("says when to ask again is asked then", async () => {
    let asked = 0;
    const archive = archiveWith(() =>
      asked++ === 0 ? new Response("", { status: 503, headers: { "Retry-After": "7" } }) : null,
    );
    expect((await searchStudies(archive.signedIn(), EVERYTHING)).ok).toBe(true);
    expect(archive.waits).toEqual([7000]);
  });

  it("comes back is answered by", async () => {
    let asked = 0;
    const archive = archiveWith(() => (asked++ < 2 ? "drop" : null));
    const found = await searchStudies(archive.signedIn(), EVERYTHING);
    expect(found.ok && found.value.studies).toHaveLength(1);
    expect(archive.requests).toHaveLength(3);
  });

  it("falls silent is given up after the time limit, and asked once more", async () => {
    const archive = archiveWith(() => "silence");
    const asking = refusal(archive);
    const timer = setInterval(() => archive.passTimeLimits(), 1);
    expect((await asking).code).toBe("archive/timeout");
    clearInterval(timer);
    expect(archive.requests).toHaveLength(2);
  });

  it("falls silent within its answer is given up too", async () => {
    const archive = archiveWith(
      () => new Response(new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode("[")) })),
    );
    const asking = refusal(archive);
    const timer = setInterval(() => archive.passTimeLimits(), 1);
    expect((await asking).code).toBe("archive/timeout");
    clearInterval(timer);
  });

  it("is left when the reader cancels: the request is aborted and none follows", async () => {
    const archive = archiveWith(() => "silence");
    const control = new AbortController();
    const asking = searchStudies(archive.signedIn(BASIC, control.signal), EVERYTHING);
    setTimeout(() => control.abort(new DOMException("enough", "AbortError")), 5);
    await expect(asking).rejects.toThrow("enough");
    expect(archive.requests).toHaveLength(1);
    await expect(searchStudies(archive.signedIn(BASIC, control.signal), EVERYTHING)).rejects.toThrow(
      "enough",
    );
    expect(archive.requests).toHaveLength(1);
  });
});

describe("a sign-in", () => {
  it.each([
    [{ kind: "none" }, null],
    [{ kind: "basic", user: "méd", password: "pä:ss" }, "Basic bcOpZDpww6Q6c3M="],
    [{ kind: "bearer", token: "abc.def" }, "Bearer abc.def"],
  ] as const)("of %o goes into the header and nowhere else", async (credentials, header) => {
    const archive = archiveWith(() => null);
    await searchStudies(archive.signedIn(credentials), EVERYTHING);
    expect(archive.requests[0].authorization).toBe(header);
    expect(archive.requests[0].path).not.toMatch(/abc|p%C3%A4/);
  });
});

describe("an address", () => {
  const parse = (url: string, credentials: Credentials = { kind: "none" }) =>
    parseArchiveAddress(url, "https://site.test/viewer/index.html", credentials);
  it.each([
    ["/dicom-web", "https://site.test/dicom-web"],
    ["../dicom-web/", "https://site.test/dicom-web"],
    [" https://pacs.test:8443/a/rs// ", "https://pacs.test:8443/a/rs"],
  ])("%s is understood", (url, rootUrl) => {
    const found = parse(url);
    expect(found.ok && found.value.rootUrl).toBe(rootUrl);
  });
  it.each([
    ["", "archive/bad-address"],
    ["ftp://pacs.test", "archive/bad-address"],
    ["javascript:alert(1)", "archive/bad-address"],
    ["https://", "archive/bad-address"],
    ["https://pacs.test/rs?key=1", "archive/bad-address"],
    ["https://pacs.test/rs#a", "archive/bad-address"],
    [`https://viewer:${SECRET}@pacs.test/rs`, "archive/password-in-address"],
  ])("%s is refused", (url, code) => {
    const found = parse(url);
    expect(found.ok ? "accepted" : found.problem.code).toBe(code);
    expect(JSON.stringify(found)).not.toContain(SECRET);
  });
  it("takes no sign-in that a header can't carry", () => {
    for (const credentials of [
      { kind: "bearer", token: "a\r\nX-Other: b" },
      { kind: "bearer", token: "" },
      { kind: "basic", user: "a:b", password: "" },
      { kind: "basic", user: "a", password: "b\n" },
    ] as const) {
      const found = parse("/rs", credentials);
      expect(found.ok ? "accepted" : found.problem.code).toBe("archive/bad-credentials");
    }
  });
  it("over plain http warns of a password, but not on this machine", () => {
    const notes = (url: string) => parse(url, BASIC).ok && parse(url, BASIC);
    expect(notes("http://pacs.test/rs")).toHaveProperty("problems.0.code", "archive/secret-unencrypted");
    expect(notes("http://127.0.0.1:8042/rs")).toHaveProperty("problems", []);
    expect(notes("https://pacs.test/rs")).toHaveProperty("problems", []);
  });
});

it.each([
  ["smith", "smith*"],
  ["Smith, J", "Smith^J*"],
  [" *mith ", "*mith"],
  ["王^小", "王^小*"],
])("the name %s is asked for as %s", async (name, pattern) => {
  const archive = archiveWith(() => null);
  await searchStudies(archive.signedIn(), { ...EVERYTHING, patientName: name });
  expect(archive.requests[0].path).toContain(`PatientName=${encodeURIComponent(pattern)}&`);
});

describe("a search", () => {
  const archive = new FakeArchive(
    [1, 2, 3].map((n) =>
      sliceFile({ position: [0, 0, n], uid: `1.2.${n}`, change: { StudyInstanceUID: `1.2.3.${n}` } }),
    ),
  );
  it("asks by what is given, and for a page", async () => {
    const found = await searchStudies(archive.signedIn(), {
      patientName: "M*LLER & ?",
      patientId: " 12/3 ",
      studyDateFrom: "20250101",
      studyDateTo: "",
      modality: "CT",
      limit: 2,
      offset: 1,
    });
    expect(archive.requests[0].path).toMatch(
      /^\/studies\?PatientName=M\*LLER%20%26%20%3F&PatientID=12%2F3&StudyDate=20250101-&ModalitiesInStudy=CT&limit=3&offset=1&/,
    );
    expect(found.ok && found.value).toMatchObject({ offset: 1, hasMore: false });
  });
  it("tells whether there are more", async () => {
    const first = await searchStudies(archive.signedIn(), { ...EVERYTHING, limit: 2 });
    expect(first.ok && [first.value.studies.length, first.value.hasMore]).toEqual([2, true]);
    const rest = await searchStudies(archive.signedIn(), { ...EVERYTHING, limit: 2, offset: 2 });
    expect(rest.ok && [rest.value.studies.length, rest.value.hasMore]).toEqual([1, false]);
  });
  it("finds nothing in an empty answer", async () => {
    const nothing = archiveWith(() => new Response(null, { status: 204 }));
    const found = await searchSeries(nothing.signedIn(), "1.2.3");
    expect(found.ok && found.value).toEqual([]);
  });
});
