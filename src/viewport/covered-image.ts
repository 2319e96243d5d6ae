// A plane that the GPU draws, covered by the processor's picture of it until the GPU has the whole volume: what isn't there yet would be
// drawn as water.
import type { ImageWindow } from "#host/contract";
import type { PlaneImage } from "./plane-image.ts";
import type { PlaneFrame } from "./planes.ts";
import type { TextureUpload } from "./texture-upload.ts";

export interface CoveredImageParts {
  /** Both are told when they have drawn. */
  gpu(rendered: () => void): PlaneImage | null;
  cover(rendered: () => void): PlaneImage;
  /** Null where nothing is to be handed over. */
  uploadOf(volumeId: string): TextureUpload | null;
}

/** `rendered` is called for the picture on top. Null where the GPU's can't be made. */
export function createCoveredImage(parts: CoveredImageParts, rendered: () => void): PlaneImage | null {
  let cover: PlaneImage | null = null;
  let upload: TextureUpload | null = null;
  let leave = (): void => undefined;
  let frame: PlaneFrame | null = null;
  let window: ImageWindow | null = null;
  let slabMm = 0;

  const gpu = parts.gpu(gpuRendered);
  if (!gpu) return null;

  function gpuRendered(): void {
    upload?.drawn();
    if (upload && !upload.whole.get()) return;
    uncover();
    rendered();
  }

  function uncover(): void {
    leave();
    leave = () => undefined;
    cover?.stop();
    cover = null;
    upload = null;
  }

  function coverUntilWhole(volumeId: string, image: PlaneImage, next: TextureUpload): void {
    upload = next;
    const leaveUpload = next.join(() => image.render());
    const stopWaiting = next.whole.subscribe(() => image.render());
    leave = () => {
      stopWaiting();
      leaveUpload();
    };
    const picture = parts.cover(rendered);
    cover = picture;
    void picture.setVolume(volumeId);
    if (frame) picture.setFrame(frame);
    if (window) picture.setWindow(window);
    picture.setSlab(slabMm);
  }

  const images = (): readonly PlaneImage[] => (cover ? [gpu, cover] : [gpu]);
  return {
    async setVolume(volumeId) {
      uncover();
      const next = parts.uploadOf(volumeId);
      if (next && !next.whole.get()) coverUntilWhole(volumeId, gpu, next);
      await gpu.setVolume(volumeId);
    },
    clear() {
      uncover();
      gpu.clear();
    },
    setFrame(given) {
      frame = given;
      for (const image of images()) image.setFrame(given);
    },
    setWindow(given) {
      window = given;
      for (const image of images()) image.setWindow(given);
    },
    setSlab(given) {
      slabMm = given;
      for (const image of images()) image.setSlab(given);
    },
    render() {
      for (const image of images()) image.render();
    },
    resized() {
      for (const image of images()) image.resized();
    },
    stop() {
      uncover();
      gpu.stop();
    },
  };
}
