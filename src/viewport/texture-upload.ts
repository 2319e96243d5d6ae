// A volume goes to the GPU a few slices at a time, so that no task of the page is long. Pure: who holds the texture says how.
import { type Readable, writable } from "#core/readable";

/** Voxels of one piece. As floats, which the texture holds, they are twice that, and some milliseconds of a processor. */
export const PIECE_BYTES = 16 * 2 ** 20;

/** The texture of a volume, to which slices are handed over in the course of a drawing. */
export interface SliceTexture {
  readonly slices: number;
  readonly bytesPerSlice: number;
  /** Hands slice k over with the next drawing. */
  offer(k: number): void;
}

export interface TextureUpload {
  readonly whole: Readable<boolean>;
  /** A view that shows the texture; `draw` brings about its next drawing. Returns how to leave. */
  join(draw: () => void): () => void;
  /** A view has drawn: what was offered is there, and the next piece follows. */
  drawn(): void;
}

/** The middle of the volume first, for it is looked at first. `later` runs what it is given in another task: the next frame's. */
export function createTextureUpload(texture: SliceTexture, later: (work: () => void) => void): TextureUpload {
  const { slices, bytesPerSlice } = texture;
  const atOnce = Math.max(1, Math.floor(PIECE_BYTES / bytesPerSlice));
  const middle = slices >> 1;
  /** The last of them is next. */
  const left = Array.from({ length: slices }, (_, k) => k).sort(
    (a, b) => Math.abs(b - middle) - Math.abs(a - middle) || b - a,
  );
  const whole = writable(false);
  const views = new Set<() => void>();
  /** The first drawing makes the texture; what it would be given, the next view would be given again. */
  let isOffered = true;

  function offerNext(): void {
    for (const k of left.splice(-atOnce)) texture.offer(k);
    isOffered = true;
    drawAnywhere();
  }
  function drawAnywhere(): void {
    const [draw] = views;
    draw?.();
  }

  return {
    whole,
    join(draw) {
      views.add(draw);
      return () => {
        // It may have been the one that was to draw next.
        if (views.delete(draw) && !whole.get()) drawAnywhere();
      };
    },
    drawn() {
      if (!isOffered) return;
      isOffered = false;
      // Not in this task: other views draw in it too.
      if (left.length === 0) whole.set(true);
      else later(offerNext);
    },
  };
}
