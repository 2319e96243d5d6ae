// The region of the CT that leaves: its box in three planes, and a range for each direction.
import { Button, Group, RangeSlider, Stack, Text as Words } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import type { CropRegion } from "#contract";
import type { CtVolume } from "#core/volume";
import { useReadable, useVerbs } from "../case-view.ts";
import { CROP_PLANES, type CropPlane, planePicture, wholeOf } from "./crop-planes.ts";
import styles from "./privacy.module.css";
import { usePrivacyText } from "./use-privacy-text.ts";

export function CropPart() {
  const { teaching, reading } = useVerbs();
  const text = usePrivacyText();
  const { region, proposed } = useReadable(teaching.privacy.state);
  const { volume } = useReadable(reading.host.scene);
  const [dragged, setDragged] = useState<CropRegion | null>(null);
  if (!volume) return null;
  const { grid } = volume;
  const shown = dragged ?? region ?? proposed ?? wholeOf(grid);
  const ranges = [
    { label: text.columns, first: "firstColumn", count: "columns", all: grid.columns },
    { label: text.rows, first: "firstRow", count: "rows", all: grid.rows },
    { label: text.slices, first: "firstSlice", count: "slices", all: grid.slices },
  ] as const;
  return (
    <Stack gap="sm">
      <Words size="xs" c="dimmed">
        {text.cropHint}
      </Words>
      <Group gap="sm" align="flex-start" wrap="nowrap">
        {CROP_PLANES.map((plane) => (
          <Plane key={plane} volume={volume} region={shown} plane={plane} name={text.planes[plane]} />
        ))}
      </Group>
      {ranges.map(({ label, first, count, all }) => {
        const changed = ([from, to]: readonly [number, number]): CropRegion => ({
          ...shown,
          [first]: from - 1,
          [count]: to - from + 1,
        });
        return (
          <Group key={first} gap="sm" wrap="nowrap">
            <Words size="xs" w={70}>
              {label}
            </Words>
            <RangeSlider
              flex={1}
              size="sm"
              min={1}
              max={all}
              minRange={1}
              value={[shown[first] + 1, shown[first] + shown[count]]}
              thumbFromLabel={text.from(label)}
              thumbToLabel={text.to(label)}
              onChange={(value) => setDragged(changed(value))}
              onChangeEnd={(value) => {
                setDragged(null);
                teaching.privacy.crop(changed(value));
              }}
            />
          </Group>
        );
      })}
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          disabled={region === null}
          onClick={() => teaching.privacy.crop(null)}
          data-testid="teaching-crop-proposed"
        >
          {text.proposed}
        </Button>
      </Group>
    </Stack>
  );
}

function Plane({
  volume,
  region,
  plane,
  name,
}: {
  volume: CtVolume;
  region: CropRegion;
  plane: CropPlane;
  name: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useMemo(() => planePicture(volume, region, plane), [volume, region, plane]);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(new ImageData(picture.rgba, picture.width, picture.height), 0, 0);
  }, [picture]);
  const percent = (part: number) => `${(100 * part).toFixed(2)}%`;
  const { left, top, width, height } = picture.box;
  return (
    <figure className={styles.plane}>
      <div className={styles.clip}>
        <canvas ref={canvas} width={picture.width} height={picture.height} aria-hidden="true" />
        <div
          className={styles.box}
          style={{ left: percent(left), top: percent(top), width: percent(width), height: percent(height) }}
        />
      </div>
      <Words component="figcaption" size="xs" c="dimmed">
        {name}
      </Words>
    </figure>
  );
}
