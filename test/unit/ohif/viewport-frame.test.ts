// Where OHIF's pixels lie in the patient: read off its own canvas, for any orientation, flip and zoom.
import { describe, expect, it } from "vitest";
import { add, scale, type Vec3 } from "#core/space";
import { planeAxes, patientFromScreen, screenFromPatient } from "#viewport/planes";
import { frameOfViewport } from "../../../plugins/cement-leakage/ohif/viewport-frame.ts";
import { smallVolume } from "../host/small-case.ts";

const { grid } = smallVolume();
const axes = planeAxes(grid);

/** A viewport of 200 × 100 pixels whose top left corner is `corner`. */
const viewport = (corner: Vec3, right: Vec3, down: Vec3, mmPerPx: number) => ({
  canvasToWorld: ([x, y]: [number, number]): [number, number, number] => {
    const [a, b, c] = add(corner, add(scale(right, x * mmPerPx), scale(down, y * mmPerPx)));
    return [a, b, c];
  },
});

describe("the frame of one of OHIF's viewports", () => {
  it.each([
    ["axial", [1, 0, 0], [0, 1, 0]],
    ["axial", [-1, 0, 0], [0, 1, 0]], // flipped
    ["axial", [0, 1, 0], [-1, 0, 0]], // turned
    ["sagittal", [0, 1, 0], [0, 0, -1]],
    ["coronal", [1, 0, 0], [0, 0, -1]],
  ] as const)("is %s for right %j and down %j, and shows acquired slices", (plane, right, down) => {
    const frame = frameOfViewport(viewport([-10, -5, 12], right, down, 0.4), axes, 200, 100);
    expect(frame?.axes.plane).toBe(plane);
    expect(frame?.axes.tiltDegrees).toBe(0);
    expect(frame?.axes.forward).toEqual(axes[plane].forward.map((n) => expect.closeTo(n, 6)));
    expect(frame?.mmPerPx).toBeCloseTo(0.4, 6);
    const at = patientFromScreen(frame!, 30, 70);
    const expected = add([-10, -5, 12], add(scale(right, 12), scale(down, 28)));
    expect(at).toEqual(expected.map((mm) => expect.closeTo(mm, 6)));
    expect(screenFromPatient(frame!, at)).toEqual([expect.closeTo(30, 6), expect.closeTo(70, 6)]);
  });

  it("says that a turned plane is no acquired slice", () => {
    const down: Vec3 = [0, Math.cos(0.2), Math.sin(0.2)];
    const frame = frameOfViewport(viewport([0, 0, 0], [1, 0, 0], down, 1), axes, 200, 100);
    expect(frame?.axes.plane).toBe("axial");
    expect(frame?.axes.tiltDegrees).toBeCloseTo((0.2 * 180) / Math.PI, 6);
  });

  it("is none while the viewport has no size or no image", () => {
    expect(frameOfViewport(viewport([0, 0, 0], [1, 0, 0], [0, 1, 0], 1), axes, 0, 0)).toBeNull();
    expect(frameOfViewport(viewport([0, 0, 0], [1, 0, 0], [0, 1, 0], 0), axes, 200, 100)).toBeNull();
  });
});
