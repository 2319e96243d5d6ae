// The small picture beside a series: asked for once it comes into view, drawn on a canvas that gives its memory back.
import { useEffect, useRef, useState } from "react";
import type { Thumbnail } from "#host/worker-protocol";
import styles from "./series-dialog.module.css";
import { useApp } from "./use-app.ts";

/** "waiting" until it was in view and decoded; "none" where the series can't be shown in small. */
type Shown = Thumbnail | "waiting" | "none";

export function SeriesThumbnail({
  seriesInstanceUid,
  name,
  none,
}: {
  seriesInstanceUid: string;
  name: string;
  none: string;
}) {
  const app = useApp();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState<Shown>("waiting");

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const control = new AbortController();
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      app.thumbnail(seriesInstanceUid, control.signal).then(
        (made) => setShown(made ?? "none"),
        () => control.signal.aborted || setShown("none"),
      );
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      control.abort(new DOMException("no longer shown", "AbortError"));
    };
  }, [app, seriesInstanceUid]);

  useEffect(() => {
    const element = canvas.current;
    if (!element || typeof shown === "string") return;
    const { width, height, gray } = shown;
    element.width = width;
    element.height = height;
    const image = new ImageData(width, height);
    gray.forEach((shade, n) => image.data.set([shade, shade, shade, 255], n * 4));
    element.getContext("2d")?.putImageData(image, 0, 0);
    // A canvas without size holds no pixels, whenever it is collected.
    return () => {
      element.width = 0;
      element.height = 0;
    };
  }, [shown]);

  const isPicture = typeof shown !== "string";
  return (
    <div ref={frame} className={styles.thumbnail} data-shown={isPicture ? "picture" : shown}>
      {isPicture && <canvas ref={canvas} role="img" aria-label={name} />}
      {shown === "none" && <span>{none}</span>}
    </div>
  );
}
