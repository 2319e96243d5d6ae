// Which CT is read inside OHIF: the one in the active viewport, once by itself; and what is said where it can't be.
import { describe, expect, it } from "vitest";
import { followCase } from "../../../plugins/cement-leakage/ohif/case-follower.ts";
import type { DisplaySet } from "../../../plugins/cement-leakage/ohif/ohif-types.ts";
import { headless } from "../host/headless.ts";
import { smallSeries, smallVolume } from "../host/small-case.ts";

const CT: DisplaySet = {
  displaySetInstanceUID: "ct",
  StudyInstanceUID: "2.25.11",
  SeriesInstanceUID: "2.25.12",
  Modality: "CT",
  instances: [
    {
      SOPInstanceUID: "2.25.1",
      SeriesInstanceUID: "2.25.12",
      StudyInstanceUID: "2.25.11",
      url: "dicomfile:0",
    },
  ],
};
const OTHER: DisplaySet = { ...CT, displaySetInstanceUID: "other", SeriesInstanceUID: "2.25.99" };
const REPORT: DisplaySet = { ...CT, displaySetInstanceUID: "sr", Modality: "SR" };

/** OHIF with these display sets and one viewport; `show` puts one into it. */
function fakeOhif() {
  const listeners = new Set<() => void>();
  let shown = "";
  const subscribe = (_: string, listener: () => void) => {
    listeners.add(listener);
    return { unsubscribe: () => void listeners.delete(listener) };
  };
  const services = {
    viewportGridService: {
      EVENTS: { ACTIVE: "active" },
      subscribe,
      getActiveViewportId: () => "v",
      getState: () => ({ viewports: new Map([["v", { displaySetInstanceUIDs: [shown] }]]) }),
    },
    displaySetService: {
      EVENTS: { ADDED: "added" },
      subscribe,
      getDisplaySetByUID: (uid: string) =>
        [CT, OTHER, REPORT].find(({ displaySetInstanceUID }) => displaySetInstanceUID === uid),
      getActiveDisplaySets: () => [CT, OTHER, REPORT],
    },
    userAuthenticationService: { getAuthorizationHeader: () => undefined },
  };
  const show = (uid: string) => {
    shown = uid;
    for (const listener of [...listeners]) listener();
  };
  return { services, show, listening: () => listeners.size };
}

async function followed(bytesOf: () => Promise<ArrayBuffer>) {
  const host = headless([]);
  const volume = smallVolume();
  // What is read next is this volume; the case itself is closed again.
  await host.open(volume, smallSeries(volume.grid));
  host.app.closeCase();
  let asked = 0;
  const ohif = fakeOhif();
  const follower = followCase({
    app: host.app,
    services: ohif.services,
    loader: {
      findDicomDataPromise: () => {
        asked++;
        return bytesOf();
      },
    },
    isArchive: false,
  });
  const settle = () => new Promise((wake) => setTimeout(wake, 50));
  return { host, ohif, follower, settle, asked: () => asked };
}

describe("the CT that is read inside OHIF", () => {
  it("is the one in the active viewport; another one waits for the reader", async () => {
    const { host, ohif, follower, settle, asked } = await followed(async () => new ArrayBuffer(8));
    ohif.show("sr");
    await settle();
    expect(follower.state.get().shown).toBeNull();
    ohif.show("ct");
    await settle();
    expect(host.app.state.get().scene.series?.seriesInstanceUid).toBe("2.25.12");
    expect(asked()).toBe(1);
    ohif.show("other");
    await settle();
    expect(follower.state.get().shown?.SeriesInstanceUID).toBe("2.25.99");
    expect(asked()).toBe(1);
    await follower.openShown();
    expect(asked()).toBe(2);
    follower.stop();
    expect(ohif.listening()).toBe(0);
  });

  it("is tried once by itself where its files can't be had, and again when the reader asks", async () => {
    const { host, ohif, follower, settle, asked } = await followed(() =>
      Promise.reject(new Error("HTTP 404")),
    );
    ohif.show("ct");
    await settle();
    ohif.show("ct");
    await settle();
    expect(asked()).toBe(1);
    expect(host.app.state.get().scene.volume).toBeNull();
    const said = () => host.app.state.get().notices.map(({ text }) => text);
    expect(said()).toEqual([expect.stringMatching(/OHIF gave no file for image-.* \(HTTP 404\)/)]);
    await follower.openShown();
    expect(asked()).toBe(2);
    expect(said()).toHaveLength(1);
  });
});
