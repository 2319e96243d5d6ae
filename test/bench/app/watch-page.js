// Put into every page before its own scripts, the same for all apps: the clock from the moment that files are given, what the
// canvases show, and the page's long tasks. A classic script, so that nothing of the test's tool chain gets into the page.
(() => {
  /** Canvases smaller than this are thumbnails, rulers and buttons. */
  const SMALLEST_PX = 150;
  /** Each canvas is looked at in this many pixels a side. */
  const LOOK_PX = 40;
  /** An image has this share of pixels that are not the background, in this many greys: letters and lines over an empty view don't. */
  const IMAGE_SHARE = 0.1;
  const IMAGE_GREYS = 8;
  const PLANES = 3;

  const small = /** @type {OffscreenCanvasRenderingContext2D} */ (
    new OffscreenCanvas(LOOK_PX, LOOK_PX).getContext("2d", { willReadFrequently: true })
  );

  /** @type {import("./watched-page.ts").PageWatch} */
  const watch = {
    givenAt: 0,
    firstImageAt: 0,
    volumeAt: 0,
    planesAt: 0,
    longestTaskMs: 0,
    lastMaskAt: 0,
    lastFileAt: 0,
    wholeAt: () => 0,
    views: "canvas",
    next: [],
  };
  Object.assign(window, { benchWatch: watch });

  const given = () => {
    if (watch.givenAt > 0) return;
    watch.givenAt = performance.now();
    requestAnimationFrame(look);
  };
  document.addEventListener(
    "change",
    ({ target }) => {
      if (target instanceof HTMLInputElement && target.type === "file") given();
    },
    { capture: true },
  );
  // A chooser may belong to an element that never gets into the document.
  const { click } = HTMLInputElement.prototype;
  HTMLInputElement.prototype.click = function choosing() {
    if (this.type === "file") this.addEventListener("change", given, { capture: true, once: true });
    click.call(this);
  };

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      // The task of the event itself counts too: it began a little earlier.
      const inTime =
        startTime + duration >= watch.givenAt && (watch.planesAt === 0 || startTime < watch.planesAt);
      if (watch.givenAt > 0 && inTime) watch.longestTaskMs = Math.max(watch.longestTaskMs, duration);
    }
  }).observe({ type: "longtask" });

  const { createObjectURL } = URL;
  URL.createObjectURL = (what) => {
    watch.lastFileAt = performance.now();
    return createObjectURL.call(URL, what);
  };

  /** When each canvas was last drawn on, since files were given. Only what was drawn is looked at: looking waits for the GPU. */
  const drawnAt = /** @type {Map<HTMLCanvasElement, number>} */ (new Map());
  /** Views that have been drawn with an image since the whole volume is there. */
  const ready = /** @type {Set<HTMLCanvasElement>} */ (new Set());

  for (const name of /** @type {const} */ (["drawImage", "putImageData"])) {
    const draw = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function drawing(/** @type {unknown[]} */ ...what) {
      Reflect.apply(draw, this, what);
      const now = performance.now();
      if (watch.givenAt > 0 && watch.planesAt === 0) drawnAt.set(this.canvas, now);
      else if (
        what[0] instanceof ImageData &&
        this.canvas.matches(watch.views) &&
        isOther(this.canvas, what[0])
      )
        watch.lastMaskAt = now;
    };
  }

  /** What each view was given last, as one number. */
  const given32 = /** @type {WeakMap<HTMLCanvasElement, number>} */ (new WeakMap());
  /** Whether these are other pixels than those that the canvas was given last. @param {HTMLCanvasElement} canvas @param {ImageData} pixels */
  function isOther(canvas, { data }) {
    let hash = 0;
    for (const pixel of new Uint32Array(data.buffer)) hash = (Math.imul(hash, 31) + pixel) | 0;
    const before = given32.get(canvas);
    given32.set(canvas, hash);
    return before !== hash;
  }

  function look() {
    // What the app waits for its user to click is clicked at once, so that nobody's hand is timed.
    const wanted = watch.next[0]?.();
    if (wanted) {
      watch.next.shift();
      wanted.click();
    }
    watch.volumeAt ||= watch.wholeAt();
    if (watch.firstImageAt === 0 || watch.volumeAt > 0) {
      const drawn = [...drawnAt].sort(([, a], [, b]) => a - b);
      drawnAt.clear();
      for (const [canvas, at] of drawn) judge(canvas, at);
    }
    if (watch.planesAt === 0) requestAnimationFrame(look);
  }

  /** @param {HTMLCanvasElement} canvas @param {number} at when it was drawn */
  function judge(canvas, at) {
    const forPlanes = watch.volumeAt > 0 && at >= watch.volumeAt && canvas.matches(watch.views);
    if (ready.has(canvas) || !(watch.firstImageAt === 0 || forPlanes)) return;
    if (!isLarge(canvas) || !showsImage(canvas)) return;
    watch.firstImageAt ||= at;
    if (forPlanes && ready.add(canvas).size === PLANES) watch.planesAt = at;
  }

  /** @param {HTMLCanvasElement} canvas */
  function isLarge(canvas) {
    const { width, height } = canvas.getBoundingClientRect();
    return width >= SMALLEST_PX && height >= SMALLEST_PX && canvas.width > 0 && canvas.height > 0;
  }

  /** @param {HTMLCanvasElement} canvas */
  function showsImage(canvas) {
    small.clearRect(0, 0, LOOK_PX, LOOK_PX);
    small.drawImage(canvas, 0, 0, LOOK_PX, LOOK_PX);
    const rgba = small.getImageData(0, 0, LOOK_PX, LOOK_PX).data;
    const counts = new Uint32Array(256);
    for (let at = 0; at < rgba.length; at += 4) counts[Math.max(rgba[at], rgba[at + 1], rgba[at + 2])]++;
    const background = Math.max(...counts);
    const greys = counts.filter((count) => count > 0).length;
    return greys >= IMAGE_GREYS && background <= (1 - IMAGE_SHARE) * LOOK_PX * LOOK_PX;
  }
})();
