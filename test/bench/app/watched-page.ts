// What watch-page.js keeps in a page, as the drivers see it from outside.

/** All times by the page's own clock, ms; 0 until it happens. */
export interface PageWatch {
  /** The change event of the input that was given the files. */
  givenAt: number;
  /** A large canvas, the first of all, was drawn with an image. */
  firstImageAt: number;
  volumeAt: number;
  /** The third view was drawn with an image while the whole volume is there. */
  planesAt: number;
  /** From files given to planes ready. */
  longestTaskMs: number;
  /** After the planes are ready: when a view was last given a mask with other pixels than its last one. */
  lastMaskAt: number;
  /** The last time that the app made a file of its own to be saved. */
  lastFileAt: number;
  /** When the last voxel was decoded and usable, or 0; each driver sets its app's own answer. Asked once a frame. */
  wholeAt: () => number;
  /** CSS selector of the canvases that show the three planes. */
  views: string;
  /** What the app needs to be clicked on its way, in order; each gives its element once that is there. */
  readonly next: (() => HTMLElement | null | undefined)[];
}

export interface WatchedWindow {
  readonly benchWatch: PageWatch;
}
