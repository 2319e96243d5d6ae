// Claims about asking for pictures: two at a time, none for who no longer looks, each decoded once for one list.
import { describe, expect, it } from "vitest";
import type { AppStore } from "#host/app-store";
import { createThumbnails } from "#host/thumbnails";
import type { ReadOutcome, Thumbnail, WorkerLine } from "#host/worker-protocol";

const picture: Thumbnail = { width: 1, height: 1, gray: new Uint8Array(1) };
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

function asked() {
  const open = new Map<string, (made: Thumbnail | null) => void>();
  const all: string[] = [];
  let read: ReadOutcome = { series: [], rejected: [], objects: [] };
  const worker = {
    thumbnail: (uid: string) => {
      all.push(uid);
      return new Promise<Thumbnail | null>((resolve) => open.set(uid, resolve));
    },
  } as unknown as WorkerLine;
  const store = { get: () => ({ read }) } as unknown as AppStore;
  return {
    all,
    thumbnails: createThumbnails(store, worker),
    answer: async (uid: string, made: Thumbnail | null = picture) => {
      open.get(uid)?.(made);
      await settle();
    },
    readAnew: () => (read = { ...read }),
  };
}

describe("pictures for the series list", () => {
  it("are asked for two at a time, in order", async () => {
    const { thumbnails, all, answer } = asked();
    const { signal } = new AbortController();
    const wanted = ["a", "b", "c", "d"].map((uid) => thumbnails.thumbnail(uid, signal));
    await settle();
    expect(all).toEqual(["a", "b"]);
    await answer("a");
    expect(all).toEqual(["a", "b", "c"]);
    await answer("b");
    await answer("c");
    await answer("d", null);
    expect(await Promise.all(wanted)).toEqual([picture, picture, picture, null]);
  });

  it("are not decoded for who scrolled on or closed the list, and hand their place over", async () => {
    const { thumbnails, all, answer } = asked();
    const stays = new AbortController();
    const leaves = new AbortController();
    void thumbnails.thumbnail("a", stays.signal);
    void thumbnails.thumbnail("b", stays.signal);
    const left = thumbnails.thumbnail("c", leaves.signal).catch((error: unknown) => error);
    const last = thumbnails.thumbnail("d", stays.signal);
    await settle();
    leaves.abort(new DOMException("left", "AbortError"));
    await answer("a");
    expect(await left).toHaveProperty("message", "left");
    await settle();
    expect(all).toEqual(["a", "b", "d"]);
    await answer("d");
    expect(await last).toBe(picture);
  });

  it("are kept for the list that they belong to, and made anew for another one", async () => {
    const { thumbnails, all, answer, readAnew } = asked();
    const { signal } = new AbortController();
    const first = thumbnails.thumbnail("a", signal);
    await settle();
    await answer("a");
    expect(await first).toBe(picture);
    expect(await thumbnails.thumbnail("a", signal)).toBe(picture);
    expect(all).toEqual(["a"]);
    readAnew();
    void thumbnails.thumbnail("a", signal);
    await settle();
    expect(all).toEqual(["a", "a"]);
  });
});
