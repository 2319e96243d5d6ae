// What watch-page.js keeps in a page, as the drivers see it from outside.

/** All times by the page's own clock, ms; 0 until it happens. */
export interface PageWatch {
  /** The change event of the input that was given the files. */
  givenAt: number;
  firstImageAt: number;
  volumeAt: number;
  /** Three views show an image while the whole volume is there. */
  planesAt: number;
  /** From files given to planes ready. */
  longestTaskMs: number;
  /** Whether the last voxel is decoded and usable; each driver sets its app's own answer. Asked once a frame. */
  isWhole: () => boolean;
  /** CSS selector of the canvases that show slices. */
  views: string;
  /** What the app needs to be clicked on its way, in order; each gives its element once that is there. */
  readonly next: (() => HTMLElement | null | undefined)[];
  readonly signature: (views: string) => number;
}

export interface WatchedWindow {
  readonly benchWatch: PageWatch;
}
