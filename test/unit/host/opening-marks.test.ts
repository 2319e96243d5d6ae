// What an opening leaves on the browser's time line.
import { afterEach, describe, expect, it } from "vitest";
import type { CtVolume } from "#core/volume";
import { markCaseBegun, markDrawn, markFilesGiven, markOpening } from "#host/opening-marks";

const marks = () =>
  performance
    .getEntriesByType("mark")
    .map(({ name }) => name)
    .filter((name) => name.startsWith("clv:"))
    .sort();
const volume = (): CtVolume => ({}) as CtVolume; // only its identity counts here

describe("the marks of an opening", () => {
  afterEach(() => performance.clearMarks());

  it("hold the first time of each step, and the planes only when all three are drawn", () => {
    markFilesGiven();
    markOpening("clv:volume");
    const first = performance.getEntriesByName("clv:volume")[0].startTime;
    markOpening("clv:volume");
    expect(performance.getEntriesByName("clv:volume").map(({ startTime }) => startTime)).toEqual([first]);
    const open = volume();
    markDrawn("axial", open);
    markDrawn("axial", open);
    markDrawn("sagittal", open);
    expect(marks()).toEqual(["clv:files", "clv:first-image", "clv:volume"]);
    markDrawn("coronal", open);
    expect(marks()).toEqual(["clv:files", "clv:first-image", "clv:planes", "clv:volume"]);
  });

  it("go when another series is loaded, all of them with other files", () => {
    markFilesGiven();
    markOpening("clv:volume");
    markCaseBegun();
    expect(marks()).toEqual(["clv:files"]);
    markOpening("clv:volume");
    markFilesGiven();
    expect(marks()).toEqual(["clv:files"]);
  });
});
