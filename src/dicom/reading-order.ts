// Which slice is read next: the nearest to the one that the reader looks at, those on both sides of it in turn.

/** Place of the slice that somebody looks at, or null while nobody has chosen one: the middle of the stack is looked at first. */
export type LookedAt = () => number | null;

/** Places 0 .. count - 1, each given out once; asked again before each reading, so that what is looked at jumps the queue. */
export class ReadingOrder {
  readonly #left: Uint8Array;
  readonly #lookedAt: LookedAt;
  #center = -1;
  /** Nothing is left closer to the centre than this. */
  #away = 0;

  /** `isDone`: places that are read already. */
  constructor(
    count: number,
    lookedAt: LookedAt = () => null,
    isDone: (place: number) => boolean = () => false,
  ) {
    this.#left = Uint8Array.from({ length: count }, (_, place) => (isDone(place) ? 0 : 1));
    this.#lookedAt = lookedAt;
  }

  /** Null when all are given out. */
  next(): number | null {
    const count = this.#left.length;
    const center = Math.max(0, Math.min(count - 1, this.#lookedAt() ?? Math.floor((count - 1) / 2)));
    if (center !== this.#center) [this.#center, this.#away] = [center, 0];
    for (; this.#away < count; this.#away++)
      for (const place of [center - this.#away, center + this.#away])
        if (this.#left[place]) {
          this.#left[place] = 0;
          return place;
        }
    return null;
  }
}
