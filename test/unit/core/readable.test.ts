// Observable values: told only of what differs, and nothing is kept alive that the source has let go.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { derived, writable } from "#core/readable";

interface State {
  readonly volume: { readonly hu: Int16Array };
  readonly other: number;
}
const stateOf = (other: number, volume = { hu: new Int16Array(4) }): State => ({ volume, other });

describe("a derived value", () => {
  it("is computed once for each input, also where it makes a new object", () => {
    const source = writable(stateOf(1));
    let computed = 0;
    const lengths = derived(source, ({ volume }) => {
      computed++;
      return [volume.hu.length];
    });
    expect(lengths.get()).toBe(lengths.get());
    source.set(stateOf(2));
    expect(lengths.get()).toEqual([4]);
    expect(computed).toBe(2);
    const plain = derived(writable(3), (n) => [n]);
    expect(plain.get()).toBe(plain.get());
  });

  it("tells of what differs only", () => {
    const source = writable(stateOf(1));
    const told: number[] = [];
    const stop = derived(source, ({ other }) => other).subscribe((other) => void told.push(other));
    source.set(stateOf(1));
    source.set(stateOf(2));
    stop();
    source.set(stateOf(3));
    expect(told).toEqual([2]);
  });

  it("is the value before for who asks while it is computed", () => {
    const source = writable(stateOf(1));
    const told: number[] = [];
    const other: { get(): number } = derived(source, (state) => {
      if (state.other === 2) told.push(other.get());
      return state.other;
    });
    expect(other.get()).toBe(1);
    source.set(stateOf(2));
    expect([other.get(), told]).toEqual([2, [1]]);
  });

  it("holds neither the source's old value nor what was made of it", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const source = writable<State | null>(stateOf(1));
    const volume = derived(source, (state) => state?.volume ?? null);
    const gone = ((): WeakRef<object>[] => {
      const [state, made] = [source.get(), volume.get()];
      if (!state || !made) throw new Error("nothing to let go");
      return [new WeakRef(state), new WeakRef(made)];
    })();
    source.set(null);
    // A WeakRef holds until the job that made it has ended.
    await new Promise((wake) => setTimeout(wake));
    collect();
    expect(gone.map((each) => each.deref())).toEqual([undefined, undefined]);
    expect(volume.get()).toBeNull();
  });
});
