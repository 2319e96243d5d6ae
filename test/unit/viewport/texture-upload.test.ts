// A volume on its way to the GPU: how much of it in one task, in which order, and what becomes of views that leave.
import { describe, expect, it } from "vitest";
import { createTextureUpload, PIECE_BYTES } from "../../../src/viewport/texture-upload.ts";

/** An upload whose frames the test lets pass; `offered` are the slices of each. */
function uploading(slices: number, bytesPerSlice: number) {
  const offered: number[][] = [[]];
  const due: (() => void)[] = [];
  const upload = createTextureUpload(
    { slices, bytesPerSlice, offer: (k) => offered.at(-1)?.push(k) },
    (work) => due.push(work),
  );
  const frame = (): void => {
    offered.push([]);
    for (const work of due.splice(0)) work();
  };
  return { upload, offered, frame, due };
}

describe("a volume that goes to the GPU", () => {
  it.each([
    [300, 512 * 512 * 2],
    [2000, 512 * 512 * 2],
    [400, 1024 * 1024 * 2],
    [3, 4096 * 4096 * 2],
    [1, 200],
  ])("of %i slices with %i bytes is handed over in pieces, once, the middle first", (slices, bytes) => {
    const { upload, offered, frame } = uploading(slices, bytes);
    upload.join(() => undefined);
    // The texture is made by the first drawing, and empty.
    expect(offered).toEqual([[]]);
    for (let n = 0; !upload.whole.get(); n++) {
      expect(n).toBeLessThanOrEqual(slices + 1);
      upload.drawn();
      // The other two planes draw in the same task.
      upload.drawn();
      upload.drawn();
      frame();
    }
    const pieces = offered.filter((piece) => piece.length > 0);
    expect(pieces.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: slices }, (_, k) => k));
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(Math.max(1, PIECE_BYTES / bytes));
    expect(pieces.length).toBe(Math.ceil(slices / Math.max(1, Math.floor(PIECE_BYTES / bytes))));
    expect(pieces[0]).toContain(slices >> 1);
    const away = pieces.map((piece) => Math.min(...piece.map((k) => Math.abs(k - (slices >> 1)))));
    expect(away).toEqual([...away].sort((a, b) => a - b));
  });

  it("is drawn by one view after each piece, and by another where that leaves", () => {
    const { upload, frame } = uploading(100, 512 * 512 * 2);
    const drawn: string[] = [];
    const leaveFirst = upload.join(() => drawn.push("first"));
    const leaveSecond = upload.join(() => drawn.push("second"));
    upload.drawn();
    frame();
    expect(drawn).toEqual(["first"]);
    leaveFirst();
    expect(drawn).toEqual(["first", "second"]);
    leaveFirst();
    while (!upload.whole.get()) {
      upload.drawn();
      frame();
    }
    const before = drawn.length;
    leaveSecond();
    expect(drawn).toHaveLength(before);
  });
});
