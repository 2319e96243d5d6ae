// An SVG as pixels, by the browser's own drawing.

/** PNG, square. Rejects where the browser can't draw it. */
export async function rasterize(svg: string, sidePx: number): Promise<Uint8Array> {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = new OffscreenCanvas(sidePx, sidePx);
  canvas.getContext("2d")?.drawImage(image, 0, 0, sidePx, sidePx);
  const png = await canvas.convertToBlob({ type: "image/png" });
  return new Uint8Array(await png.arrayBuffer());
}
