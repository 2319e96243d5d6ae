// A chart of the cohort in the page's own ink, with its two files: SVG as it is, PNG at twice its size.
import { Button, Group } from "@mantine/core";
import { createElement, type ReactNode } from "react";
import { svgFile, type SvgNode } from "../../cohort/svg.ts";
import { useCohort } from "./cohort-view.ts";
import styles from "./cohort.module.css";

export function Chart({ chart, name }: { chart: SvgNode; name: string }) {
  const { host, text } = useCohort();
  const saveSvg = () =>
    host.files.save({
      name: `${name}.svg`,
      mediaType: "image/svg+xml",
      bytes: new TextEncoder().encode(svgFile(chart)),
    });
  const savePng = async () => {
    const bytes = await pngOf(svgFile(chart));
    host.files.save({ name: `${name}.png`, mediaType: "image/png", bytes });
  };
  return (
    <figure className={styles.chart}>
      {drawn(chart)}
      <Group gap={2} className={styles.chartFiles}>
        <Button size="compact-xs" variant="subtle" onClick={saveSvg}>
          {text.svg}
        </Button>
        <Button size="compact-xs" variant="subtle" onClick={() => void savePng()}>
          {text.png}
        </Button>
      </Group>
    </figure>
  );
}

/** The picture's data as elements; text stays text. */
const drawn = ({ tag, attributes, children }: SvgNode): ReactNode =>
  createElement(
    tag,
    attributes,
    ...children.map((child) => (typeof child === "string" ? child : drawn(child))),
  );

const SCALE = 2;

async function pngOf(svg: string): Promise<Uint8Array> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = SCALE * image.naturalWidth;
  canvas.height = SCALE * image.naturalHeight;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("the picture could not be made");
  return new Uint8Array(await blob.arrayBuffer());
}
