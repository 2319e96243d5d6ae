// The bits of a JPEG-LS scan (ITU-T T.87, 9.1 and A.5.3): after a byte of ones the next one holds seven; a marker ends them.

export class JpegLsBits {
  readonly #bytes: Uint8Array;
  #at: number;
  /** The next bits, from the highest of 32 down. */
  #cache = 0;
  #held = 0;
  #afterOnes = false;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** At least 25 bits in the cache, or all that there are. */
  #fill(): void {
    while (this.#held <= 24 && this.#at < this.#bytes.length) {
      const byte = this.#bytes[this.#at];
      if (this.#afterOnes && byte > 0x7f) return;
      const width = this.#afterOnes ? 7 : 8;
      this.#cache |= byte << (32 - width - this.#held);
      this.#held += width;
      this.#afterOnes = byte === 0xff;
      this.#at++;
    }
  }

  /** The next `count` bits as a number, up to 24. Throws RangeError where the scan ends before. */
  read(count: number): number {
    if (count === 0) return 0;
    if (this.#held < count) {
      this.#fill();
      if (this.#held < count) throw new RangeError("the scan ends before the image");
    }
    const value = this.#cache >>> (32 - count);
    this.#cache <<= count;
    this.#held -= count;
    return value;
  }

  /** A value in the limited-length Golomb code of order k. */
  golomb(k: number, limit: number, qbpp: number): number {
    const most = limit - qbpp - 1;
    let zeros = 0;
    for (;;) {
      if (this.#held < 25) this.#fill();
      const run = this.#cache === 0 ? this.#held : Math.clz32(this.#cache);
      zeros += Math.min(run, this.#held);
      if (zeros > most) throw new RangeError("a code longer than any is");
      if (run < this.#held) {
        // The one that ends them goes too; a shift by 32 would be none.
        this.#cache = (this.#cache << run) << 1;
        this.#held -= run + 1;
        break;
      }
      this.#cache = 0;
      this.#held = 0;
      this.#fill();
      if (this.#held === 0) throw new RangeError("the scan ends before the image");
    }
    if (zeros === most) return this.read(qbpp) + 1;
    if (k > qbpp) throw new RangeError("a code wider than the samples");
    return (zeros << k) + this.read(k);
  }
}
