// Looking at every frame of pictures before they may leave: a frame counts once it was drawn.
import { Button, Group, Modal, Stack, Text as Words } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { FramePictures, OtherImage } from "#contract";
import { useVerbs } from "../case-view.ts";
import styles from "./privacy.module.css";
import { usePrivacyText } from "./use-privacy-text.ts";

/** A frame stays this long when all are played: long enough to see a word. */
const FRAME_MS = 250;

export function FrameViewer({ images, close }: { images: readonly OtherImage[]; close: () => void }) {
  const { teaching } = useVerbs();
  const text = usePrivacyText();
  const places = images.flatMap((image) =>
    Array.from({ length: image.frames }, (_, frame) => ({ image, frame })),
  );
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const loaded = useRef<{ readonly image: OtherImage; readonly pictures: FramePictures } | null>(null);
  const { image, frame } = places[at];
  const last = places.length - 1;

  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = async (): Promise<void> => {
      if (loaded.current?.image !== image) {
        const pictures = await teaching.privacy.framesOf(image);
        loaded.current = pictures && { image, pictures };
      }
      const context = canvas.current?.getContext("2d");
      if (gone || !loaded.current || !context || !canvas.current) return;
      const { columns, rows, frame: of } = loaded.current.pictures;
      canvas.current.width = columns;
      canvas.current.height = rows;
      context.putImageData(new ImageData(of(frame), columns, rows), 0, 0);
      // On the screen with the frame after this one of the browser.
      requestAnimationFrame(() => {
        if (gone) return;
        teaching.privacy.saw(image, frame);
        if (playing) timer = setTimeout(() => (at < last ? setAt(at + 1) : setPlaying(false)), FRAME_MS);
      });
    };
    void draw();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [teaching, image, frame, at, last, playing, loaded, canvas]);

  const step = (by: number) => {
    setPlaying(false);
    setAt(Math.max(0, Math.min(last, at + by)));
  };
  return (
    <Modal
      opened
      onClose={close}
      title={text.viewer}
      size={880}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": text.close }}
    >
      <Stack
        gap="xs"
        data-testid="frame-viewer"
        onKeyDown={({ key }) => {
          if (key === "ArrowRight" || key === "ArrowDown") step(1);
          if (key === "ArrowLeft" || key === "ArrowUp") step(-1);
        }}
      >
        <canvas
          ref={canvas}
          className={styles.frame}
          role="img"
          aria-label={text.frame(at + 1, places.length)}
        />
        <Group justify="space-between">
          <Words size="sm" aria-live="polite">
            {text.frame(at + 1, places.length)}
          </Words>
          <Group gap="xs">
            <Button variant="default" size="sm" disabled={at === 0} onClick={() => step(-1)}>
              {text.previous}
            </Button>
            <Button
              variant="default"
              size="sm"
              disabled={at === last}
              onClick={() => step(1)}
              data-autofocus
              data-testid="next-frame"
            >
              {text.next}
            </Button>
            <Button
              variant="default"
              size="sm"
              onClick={() => {
                if (!playing && at === last) setAt(0);
                setPlaying(!playing);
              }}
              data-testid="play-frames"
            >
              {playing ? text.stop : text.play}
            </Button>
            <Button size="sm" onClick={close} data-testid="close-frames">
              {text.close}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}
