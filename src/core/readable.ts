// The smallest observable value: what is true now, and being told when it changes.

export interface Readable<T> {
  get(): T;
  /** Calls `listener` after each change, not at once. Returns the stop. */
  subscribe(listener: (value: T) => void): () => void;
}

export interface Writable<T> extends Readable<T> {
  set(value: T): void;
}

export function writable<T>(initial: T): Writable<T> {
  let value = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener(value);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** A value computed from another; recomputed on change, announced only when it differs. */
export function derived<A, B>(source: Readable<A>, compute: (value: A) => B): Readable<B> {
  let input = source.get();
  let output = compute(input);
  const refresh = () => {
    const next = source.get();
    if (!Object.is(next, input)) {
      input = next;
      output = compute(next);
    }
    return output;
  };
  return {
    get: refresh,
    subscribe(listener) {
      let last = refresh();
      return source.subscribe(() => {
        const next = refresh();
        if (Object.is(next, last)) return;
        last = next;
        listener(next);
      });
    },
  };
}
