// A newer version of the app: offered when it waits, taken only when asked for, and not while another window is open.
import { describe, expect, it, vi } from "vitest";
import { watchUpdates } from "#host/app-update";

class FakeWorker extends EventTarget {
  state = "installing";
  answer: "taking-over" | "other-windows" = "taking-over";
  readonly asked: string[] = [];
  postMessage(message: string, [port]: Transferable[]): void {
    this.asked.push(message);
    if (port instanceof MessagePort) port.postMessage(this.answer);
  }
  install(): void {
    this.state = "installed";
    this.dispatchEvent(new Event("statechange"));
  }
}

function browser(controller: object | null) {
  const registration = Object.assign(new EventTarget(), {
    waiting: null as FakeWorker | null,
    installing: null as FakeWorker | null,
  });
  const workers = Object.assign(new EventTarget(), {
    controller,
    register: () => Promise.resolve(registration),
  });
  return { registration, workers };
}

/** A version is found and installed. */
function comes(registration: ReturnType<typeof browser>["registration"]): FakeWorker {
  const worker = new FakeWorker();
  registration.installing = worker;
  registration.dispatchEvent(new Event("updatefound"));
  worker.install();
  registration.waiting = worker;
  return worker;
}

describe("a newer version of the app", () => {
  it("is offered when it waits, and starts when it is taken", async () => {
    const { registration, workers } = browser({});
    const reload = vi.fn<() => void>();
    const update = await watchUpdates(workers, "./sw.js", reload);
    expect(update.waiting.get()).toBe(false);
    const worker = comes(registration);
    expect(update.waiting.get()).toBe(true);
    // Another window's doing is none of this page's: a case may be open here.
    workers.dispatchEvent(new Event("controllerchange"));
    expect(reload).not.toHaveBeenCalled();
    expect(await update.take()).toBe("taking-over");
    expect(worker.asked).toEqual(["take-over"]);
    workers.dispatchEvent(new Event("controllerchange"));
    expect(reload).toHaveBeenCalledOnce();
  });

  it("is not taken while another window is open", async () => {
    const { registration, workers } = browser({});
    const reload = vi.fn<() => void>();
    const update = await watchUpdates(workers, "./sw.js", reload);
    comes(registration).answer = "other-windows";
    expect(await update.take()).toBe("other-windows");
    expect(reload).not.toHaveBeenCalled();
    workers.dispatchEvent(new Event("controllerchange"));
    expect(reload).not.toHaveBeenCalled();
  });

  it("is none where the first version has just been kept, or there is no service worker", async () => {
    const { registration, workers } = browser(null);
    const update = await watchUpdates(workers, "./sw.js", () => undefined);
    comes(registration);
    expect(update.waiting.get()).toBe(false);
    const without = await watchUpdates(undefined, "./sw.js", () => undefined);
    expect(without.waiting.get()).toBe(false);
    workers.register = () => Promise.reject(new Error("insecure"));
    expect((await watchUpdates(workers, "./sw.js", () => undefined)).waiting.get()).toBe(false);
  });
});
