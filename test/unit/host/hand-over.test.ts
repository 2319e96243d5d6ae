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

const study: HandedOver = {
  ct: { kind: "archive", studyInstanceUid: "2.25.1", seriesInstanceUid: "2.25.2" },
};
const ready = Promise.resolve(study);
const READY = { cementLeakage: "ready" };
const turn = (): Promise<void> => new Promise((done) => setTimeout(done));

describe("a case that is handed over", () => {
  it("goes to the opened window once that is ready, and to it alone", async () => {
    const [giving, taking, stranger] = [fakeWindow(), fakeWindow(), fakeWindow()];
    giving.window.open = () => taking.window;
    expect(handOver(giving.asWindow, "/viewer/", ready)).toBe(true);
    giving.arrive(stranger.window, READY);
    giving.arrive(taking.window, READY, "https://elsewhere.example");
    await turn();
    expect([...taking.posted, ...stranger.posted]).toEqual([]);
    giving.arrive(taking.window, READY);
    giving.arrive(taking.window, READY);
    await turn();
    expect(taking.posted).toEqual([{ data: { cementLeakage: "handed", case: study }, to: ORIGIN }]);
  });

  it("finds its window open while it is still being gathered, and follows when it is whole", async () => {
    const [giving, taking] = [fakeWindow(), fakeWindow()];
    giving.window.open = () => taking.window;
    let whole: (handed: HandedOver) => void = () => undefined;
    const gathered = new Promise<HandedOver>((resolve) => (whole = resolve));
    expect(handOver(giving.asWindow, "/viewer/", gathered)).toBe(true);
    giving.arrive(taking.window, READY);
    await turn();
    expect(taking.posted).toEqual([]);
    whole(study);
    await turn();
    expect(taking.posted).toHaveLength(1);
  });

  it("stays where it is when it can't be gathered", async () => {
    const [giving, taking] = [fakeWindow(), fakeWindow()];
    giving.window.open = () => taking.window;
    const failing = Promise.reject<HandedOver>(new Error("no file"));
    expect(handOver(giving.asWindow, "/viewer/", failing)).toBe(true);
    await turn();
    giving.arrive(taking.window, READY);
    await turn();
    expect(taking.posted).toEqual([]);
  });

  it("is not handed to another origin, nor where no window opens", () => {
    const giving = fakeWindow();
    expect(handOver(giving.asWindow, "https://elsewhere.example/viewer/", ready)).toBe(false);
    expect(handOver(giving.asWindow, "/viewer/", ready)).toBe(false);
  });

  it("is taken from the window that opened this one, and from no other", () => {
    const [giving, stranger] = [fakeWindow(), fakeWindow()];
    const taking = fakeWindow(giving.window);
    const taken: HandedOver[] = [];
    takeHandedOver(taking.asWindow, (handed) => void taken.push(handed));
    expect(giving.posted).toEqual([{ data: READY, to: ORIGIN }]);
    const handed = { cementLeakage: "handed", case: study };
    taking.arrive(stranger.window, handed);
    taking.arrive(giving.window, handed, "https://elsewhere.example");
    expect(taken).toEqual([]);
    taking.arrive(giving.window, handed);
    expect(taken).toEqual([study]);
  });

  it("is waited for by no page that nobody opened", () => {
    const alone = fakeWindow();
    const taken: HandedOver[] = [];
    takeHandedOver(alone.asWindow, (handed) => void taken.push(handed));
    alone.arrive(null, { cementLeakage: "handed", case: study });
    expect([alone.posted, taken]).toEqual([[], []]);
  });
});
