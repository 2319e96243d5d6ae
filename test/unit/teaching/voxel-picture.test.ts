// The voxels of the offline page: packed here, unpacked by the page's own script, the same again; and a PNG that others read.
import { describe, expect, it } from "vitest";
import { base64Of, voxelPicture } from "#cement/teaching/voxel-picture";
import { unpackVoxels } from "../../../plugins/cement-leakage/offline/unpack.js";
import { unzlibSync } from "fflate";

describe("voxels as a picture", () => {
  it("come back from 16 and from 8 bits, every one", async () => {
    const wide = Uint16Array.from({ length: 37 * 11 }, (_, n) => (n * 7919 + (n % 5) * 300) & 65535);
    const narrow = Uint8Array.from({ length: 37 * 11 }, (_, n) => (n * 31) & 255);
    expect(await unpackVoxels(base64Of(voxelPicture(wide, 37, 11)))).toEqual(wide);
    expect(await unpackVoxels(base64Of(voxelPicture(narrow, 37, 11)))).toEqual(narrow);
  });

  it("are a PNG: signature, size, bits, and rows with the filter of the sample to the left", () => {
    const file = voxelPicture(Uint16Array.from([258, 259, 1, 65535]), 2, 2);
    expect([...file.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const view = new DataView(file.buffer);
    expect([view.getUint32(16), view.getUint32(20), file[24], file[25]]).toEqual([2, 2, 16, 0]);
    const length = view.getUint32(33);
    expect(new TextDecoder().decode(file.subarray(37, 41))).toBe("IDAT");
    expect([...unzlibSync(file.subarray(41, 41 + length))]).toEqual([1, 1, 2, 0, 1, 1, 0, 1, 255, 254]);
    // The check sum of IEND is the same in every PNG.
    expect([...file.subarray(-4)]).toEqual([0xae, 0x42, 0x60, 0x82]);
  });
});
