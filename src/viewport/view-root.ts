// The elements of one view: a root that fills its parent, the picture below, canvases above. Removed as one.

export interface ViewRoot {
  readonly root: HTMLDivElement;
  readonly picture: HTMLDivElement;
}

const fill = { position: "absolute", inset: "0", width: "100%", height: "100%" } as const;

export function createViewRoot(parent: HTMLElement, view: string): ViewRoot {
  const root = document.createElement("div");
  Object.assign(root.style, { ...fill, overflow: "hidden", touchAction: "none", background: "#000" });
  root.dataset.view = view;
  if (getComputedStyle(parent).position === "static") parent.style.position = "relative";
  const picture = document.createElement("div");
  Object.assign(picture.style, fill);
  root.append(picture);
  parent.append(root);
  return { root, picture };
}

export function addCanvas(root: HTMLElement): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  Object.assign(canvas.style, { ...fill, pointerEvents: "none" });
  root.append(canvas);
  return canvas;
}

/** Cleared and scaled so that one unit is one CSS pixel, sharp on any screen; null when the browser gives no canvas. */
export function clearedContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const context = canvas.getContext("2d");
  if (!context) return null;
  const ratio = devicePixelRatio;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
