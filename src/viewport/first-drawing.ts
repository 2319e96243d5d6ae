// When the planes of a volume have been drawn for the first time: what needs the screen less urgently waits for it.

export interface FirstDrawing {
  /** Another volume is being shown. */
  restart(): void;
  /** A plane has been drawn. */
  drawn(): void;
  /** Resolves two frames after the first plane was drawn, or after a while without one (none may be on the screen). */
  after(): Promise<void>;
}

const WITHOUT_PLANES_MS = 600;

const nextFrame = (): Promise<unknown> => new Promise((go) => requestAnimationFrame(go));

export function firstDrawing(): FirstDrawing {
  let tell: () => void = () => undefined;
  const begun = (): Promise<void> => new Promise((resolve) => (tell = resolve));
  let first = begun();
  return {
    restart: () => void (first = begun()),
    drawn: () => tell(),
    async after() {
      await Promise.race([first, new Promise((go) => setTimeout(go, WITHOUT_PLANES_MS))]);
      await nextFrame();
      await nextFrame();
    },
  };
}
