// Whatever an archive sends as DICOM JSON: a header or a refusal, never a throw, and no more memory than was sent.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeJson } from "#dicom/dicomweb/encode-json";
import { readHeader } from "#dicom/read-header";

const tag = fc.oneof(
  fc.constantFrom(
    "00080005",
    "00080018",
    "00100010",
    "00200032",
    "00280010",
    "52009230",
    "7FE00010",
    "__proto__",
  ),
  fc.stringMatching(/^[0-9A-F]{8}$/),
  fc.string(),
);
const vr = fc.oneof(
  fc.constantFrom("UI", "PN", "DS", "IS", "US", "FD", "SQ", "OW", "UN", "AT", "ZZ"),
  fc.string(),
);
const { set } = fc.letrec((tie) => ({
  set: fc.dictionary(tag, fc.oneof(tie("element"), fc.jsonValue()), { maxKeys: 8 }),
  element: fc.record({
    vr,
    Value: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue(),
      fc.array(fc.oneof(fc.jsonValue(), tie("set")), { maxLength: 4 }),
    ),
  }),
}));

describe("DICOM JSON that means nothing", () => {
  it("never throws, and is read or refused", () => {
    fc.assert(
      fc.property(set, (json) => {
        const bytes = encodeJson(json);
        const header = readHeader(bytes, "listed");
        expect(header.ok || header.problem.code.startsWith("read/")).toBe(true);
      }),
      { numRuns: 3000, seed: 11 },
    );
  });

  it("nested a thousand deep is cut off", () => {
    let item: Record<string, unknown> = {};
    for (let n = 0; n < 1000; n++) item = { "00081140": { vr: "SQ", Value: [item] } };
    expect(encodeJson(item).length).toBeLessThan(1000);
  });

  it("with values longer than their representation can be leaves them out", () => {
    const long = { "00100020": { vr: "LO", Value: ["x".repeat(70_000)] } };
    expect(encodeJson(long).length).toBeLessThan(1000);
  });
});
