// Multipart answers: whatever the chunks, the same parts; what is cut off, too large or no multipart is told apart.
import { describe, expect, it } from "vitest";
import { boundaryOf, readMultipart } from "#dicom/dicomweb/multipart";
import { chunked } from "./fake-archive.ts";

const MAX = 1 << 20;
const text = new TextEncoder();
const bytes = (...pieces: (string | Uint8Array)[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat(pieces.map((piece) => (typeof piece === "string" ? text.encode(piece) : piece))),
  );
const read = async (whole: Uint8Array, chunkBytes = 7, boundary = "xyz", max = MAX) =>
  readMultipart(chunked(whole, chunkBytes), boundary, max);
const parts = async (whole: Uint8Array, chunkBytes?: number) => {
  const found = await read(whole, chunkBytes);
  return found.ok ? found.parts.map((part) => Buffer.from(part).toString("latin1")) : found.fault;
};

/** Content that begins like a delimiter, ends with line ends, and holds every byte. */
const tricky = bytes(
  "\r\n--xy\r\n--\r\r\n--xyzzy\r\n",
  Uint8Array.from({ length: 256 }, (_, n) => n),
  "\r\n\r\n",
);

describe("a multipart answer", () => {
  const whole = bytes(
    "--xyz\r\nContent-Type: application/dicom\r\n\r\n",
    tricky,
    "\r\n--xyz \r\n\r\nsecond\r\n--xyz--",
  );

  it.each(Array.from({ length: 64 }, (_, n) => n + 1))(
    "in chunks of %i bytes gives both parts",
    async (size) => {
      expect(await parts(whole, size)).toEqual([Buffer.from(tricky).toString("latin1"), "second"]);
    },
  );

  it("may have text before the first delimiter and after the last", async () => {
    expect(await parts(bytes("a proxy says hello\r\n--xyz\r\n\r\none\r\n--xyz--\r\nbye\r\n--xyz"))).toEqual([
      "one",
    ]);
  });

  it("without its closing delimiter is cut off, wherever it ends", async () => {
    const end = whole.length - 2;
    for (let length = 5; length < end; length += 13)
      expect(await parts(whole.subarray(0, length))).toBe(length < 6 ? "not-multipart" : "cut-off");
  });

  it("without any delimiter is none", async () => {
    expect(await parts(text.encode("<html>\r\nPlease sign in\r\n</html>"))).toBe("not-multipart");
  });

  it("is given up once it has more than the limit, without reading the rest", async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(pulled++ === 0 ? text.encode("--xyz\r\n\r\n") : new Uint8Array(1000));
      },
      cancel() {
        cancelled = true;
      },
    });
    expect(await readMultipart(endless, "xyz", 10_000)).toEqual({ ok: false, fault: "too-large" });
    expect(pulled).toBeLessThan(20);
    expect(cancelled).toBe(true);
  });

  it("with a header that never ends is none", async () => {
    expect(await parts(bytes("--xyz\r\n", "X-Long: 1\r\n".repeat(5000)), 512)).toBe("not-multipart");
  });
});

describe("the boundary of a content type", () => {
  it.each([
    ['multipart/related; type="application/dicom"; boundary=abc', "abc"],
    ['multipart/related;boundary="a b:c;d"; type="application/dicom"', "a b:c;d"],
    ['Multipart/Related; Boundary="q\\"uote"', 'q"uote'],
    ["multipart/related; type=application/dicom", null],
    ["application/dicom; boundary=abc", null],
    ['multipart/related; boundary=""', null],
    [`multipart/related; boundary=${"x".repeat(300)}`, null],
  ])("%s", (type, boundary) => expect(boundaryOf(type)).toBe(boundary));
});
