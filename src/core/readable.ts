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

/** What was computed for the last input; it knows no other one. */
type Computed<A, B> = (input: A) => { readonly output: B } | undefined;

/** Keyed by the input, so that both go when nobody else holds it. */
function forObject<A, B>(input: object, output: B): Computed<A, B> {
  const outputs = new WeakMap<object, { readonly output: B }>([[input, { output }]]);
  return (asked) => (typeof asked === "object" && asked !== null ? outputs.get(asked) : undefined);
}

function forPlain<A, B>(input: A, output: B): Computed<A, B> {
  return (asked) => (Object.is(asked, input) ? { output } : undefined);
}

/**
 * A value computed from another; recomputed on change, announced only when it differs. It keeps nothing alive that its source has
 * let go: one that nobody asked since would hold a closed case.
 */
export function derived<A, B>(source: Readable<A>, compute: (value: A) => B): Readable<B> {
  let computed: Computed<A, B> | null = null;
  const refresh = () => {
    const input = source.get();
    const known = computed?.(input);
    if (known) return known.output;
    const output = compute(input);
    computed =
      typeof input === "object" && input !== null ? forObject(input, output) : forPlain(input, output);
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
