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

interface Made<B> {
  readonly output: B;
}
/** What was made of the last input; it knows no other one. */
type Known<A, B> = (input: A) => Made<B> | undefined;

/** Keyed by the input, so that both go when nobody else holds it. */
function knownOfObject<A, B>(input: object, made: Made<B>): Known<A, B> {
  const all = new WeakMap<object, Made<B>>([[input, made]]);
  return (asked) => (typeof asked === "object" && asked !== null ? all.get(asked) : undefined);
}

const knownOfPlain =
  <A, B>(input: A, made: Made<B>): Known<A, B> =>
  (asked) =>
    Object.is(asked, input) ? made : undefined;

/**
 * A value computed from another; recomputed on change, announced only when it differs. It keeps nothing alive that its source has
 * let go: one that nobody asked since would hold a closed case.
 */
export function derived<A, B>(source: Readable<A>, compute: (value: A) => B): Readable<B> {
  let known: Known<A, B> | null = null;
  let last: WeakRef<Made<B>> | null = null;
  /** What who asks in the midst of computing gets: the value before. */
  let computing: { readonly input: A; readonly before: Made<B> | undefined } | null = null;
  const refresh = () => {
    const input = source.get();
    const before = computing && Object.is(computing.input, input) ? computing.before : undefined;
    const found = known?.(input) ?? before;
    if (found) return found.output;
    computing = { input, before: last?.deref() };
    try {
      const made: Made<B> = { output: compute(input) };
      known =
        typeof input === "object" && input !== null ? knownOfObject(input, made) : knownOfPlain(input, made);
      last = new WeakRef(made);
      return made.output;
    } finally {
      computing = null;
    }
  };
  return {
    get: refresh,
    subscribe(listener) {
      let told = refresh();
      return source.subscribe(() => {
        const next = refresh();
        if (Object.is(next, told)) return;
        told = next;
        listener(next);
      });
    },
  };
}
