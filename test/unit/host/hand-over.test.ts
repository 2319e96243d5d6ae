// Handing a case from page to page: only to the window that was opened, only within one origin, and only once it says that it is ready.
import { describe, expect, it } from "vitest";
import { handOver, takeHandedOver, type HandedOver } from "#host/hand-over";

const ORIGIN = "https://reading.example";
type Listener = (event: { source: unknown; origin: string; data: unknown }) => void;

/** A window as far as messages go; what is posted to it arrives as from `from`. */
function fakeWindow(opener: unknown = null) {
  const listeners = new Set<Listener>();
  const posted: { data: unknown; to: string }[] = [];
  const window = {
    location: { origin: ORIGIN, href: `${ORIGIN}/ohif/` },
    opener,
    addEventListener: (_: string, listener: Listener) => void listeners.add(listener),
    removeEventListener: (_: string, listener: Listener) => void listeners.delete(listener),
    postMessage: (data: unknown, to: string) => void posted.push({ data, to }),
    open: (): unknown => null,
  };
  const arrive = (source: unknown, data: unknown, origin = ORIGIN) => {
    for (const listener of [...listeners]) listener({ source, origin, data });
  };
  return { window, asWindow: window as unknown as Window, posted, arrive };
}

const study: HandedOver = { kind: "archive", studyInstanceUid: "2.25.1", seriesInstanceUid: "2.25.2" };
const READY = { cementLeakage: "ready" };

describe("a case that is handed over", () => {
  it("goes to the opened window once that is ready, and to it alone", () => {
    const [giving, taking, stranger] = [fakeWindow(), fakeWindow(), fakeWindow()];
    giving.window.open = () => taking.window;
    expect(handOver(giving.asWindow, "/viewer/", study)).toBe(true);
    giving.arrive(stranger.window, READY);
    giving.arrive(taking.window, READY, "https://elsewhere.example");
    expect([...taking.posted, ...stranger.posted]).toEqual([]);
    giving.arrive(taking.window, READY);
    giving.arrive(taking.window, READY);
    expect(taking.posted).toEqual([{ data: { cementLeakage: "handed", case: study }, to: ORIGIN }]);
  });

  it("is not handed to another origin, nor where no window opens", () => {
    const giving = fakeWindow();
    expect(handOver(giving.asWindow, "https://elsewhere.example/viewer/", study)).toBe(false);
    expect(handOver(giving.asWindow, "/viewer/", study)).toBe(false);
  });

  it("is taken from the window that opened this one, and from no other", () => {
    const [giving, stranger] = [fakeWindow(), fakeWindow()];
    const taking = fakeWindow(giving.window);
    const taken: string[] = [];
    takeHandedOver(taking.asWindow, {
      openFiles: async (files) => void taken.push(`${files.length} files`),
      openStudy: async (uid, series) => void taken.push(`${uid} ${series}`),
    });
    expect(giving.posted).toEqual([{ data: READY, to: ORIGIN }]);
    const handed = { cementLeakage: "handed", case: study };
    taking.arrive(stranger.window, handed);
    taking.arrive(giving.window, handed, "https://elsewhere.example");
    expect(taken).toEqual([]);
    taking.arrive(giving.window, handed);
    taking.arrive(giving.window, { cementLeakage: "handed", case: { kind: "files", files: [{}, {}] } });
    expect(taken).toEqual(["2.25.1 2.25.2", "2 files"]);
  });

  it("is waited for by no page that nobody opened", () => {
    const alone = fakeWindow();
    takeHandedOver(alone.asWindow, { openFiles: async () => undefined, openStudy: async () => undefined });
    alone.arrive(null, { cementLeakage: "handed", case: study });
    expect(alone.posted).toEqual([]);
  });
});
