// A slice that came before the others, as a picture in bone window: something to look at while the rest loads.
import { Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { BONE_WINDOW } from "#host/app";
import { markOpening } from "#host/opening-marks";
import type { SlicePreview } from "#host/worker-protocol";
import { useText } from "./use-app.ts";

const WIDTH_PX = 380;

export function ComingSlice({ slice }: { slice: SlicePreview }) {
  const { archive: text } = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.canvas.width = slice.columns;
    context.canvas.height = slice.rows;
    context.putImageData(pictureOf(slice), 0, 0);
    markOpening("clv:first-image");
  }, [slice]);
  const heightPx = Math.round(
    (WIDTH_PX * slice.rows * slice.rowSpacingMm) / (slice.columns * slice.columnSpacingMm),
  );
  return (
    <figure style={{ margin: 0 }} data-testid="coming-slice">
      <canvas ref={canvas} style={{ width: WIDTH_PX, height: heightPx, background: "#000" }} />
      <Text component="figcaption" size="xs" c="dimmed">
        {text.coming(slice.k + 1, slice.slices)}
      </Text>
    </figure>
  );
}

function pictureOf({ hu, columns, rows }: SlicePreview): ImageData {
  const picture = new ImageData(columns, rows);
  const { data } = picture;
  const lowest = BONE_WINDOW.levelHu - BONE_WINDOW.widthHu / 2;
  for (let n = 0; n < hu.length; n++) {
    // Clamped by the array itself.
    const grey = (255 * (hu[n] - lowest)) / BONE_WINDOW.widthHu;
    data[4 * n] = grey;
    data[4 * n + 1] = grey;
    data[4 * n + 2] = grey;
    data[4 * n + 3] = 255;
  }
  return picture;
}
