// The key images of a teaching case in their order: small, to be moved and taken out; the chosen one in full, to be changed.
import { ActionIcon, Button, Group, Text as Words } from "@mantine/core";
import { useState } from "react";
import type { KeyImage } from "../../teaching/key-image.ts";
import { useReadable, useVerbs } from "../case-view.ts";
import { PictureEditor } from "./picture-editor.tsx";
import { FigureImage } from "./figure-image.tsx";
import styles from "./teaching.module.css";
import { useTeachingText } from "./use-teaching-text.ts";

export function PicturesSection() {
  const { teaching } = useVerbs();
  const { pictures: text } = useTeachingText();
  const { choices, keyImages } = useReadable(teaching.state);
  const [selected, select] = useState<string | null>(null);
  if (!choices || keyImages.length === 0) return null;
  const { pictures } = choices;
  const set = (changed: readonly KeyImage[]) => teaching.change({ pictures: changed });
  const move = (from: number, to: number) => {
    if (to < 0 || to >= pictures.length || from === to) return;
    set(pictures.toSpliced(from, 1).toSpliced(to, 0, pictures[from]));
  };
  const chosen = pictures.find(({ id }) => id === selected);
  return (
    <section aria-label={text.title} data-testid="teaching-pictures">
      <Group justify="space-between" mb={4}>
        <Words size="sm" fw={500}>
          {text.title}{" "}
          <Words span size="xs" c="dimmed">
            {text.hint}
          </Words>
        </Words>
        <Button size="compact-xs" variant="subtle" onClick={() => set(keyImages)}>
          {text.proposeAgain}
        </Button>
      </Group>
      <ol className={styles.pictures}>
        {pictures.map((image, n) => (
          <Card
            key={image.id}
            image={image}
            selected={image.id === selected}
            onSelect={() => select(image.id === selected ? null : image.id)}
            onMove={(by) => move(n, n + by)}
            onDropOf={(id) =>
              move(
                pictures.findIndex((one) => one.id === id),
                n,
              )
            }
            onRemove={() => set(pictures.toSpliced(n, 1))}
          />
        ))}
      </ol>
      {chosen && (
        <PictureEditor
          key={chosen.id}
          image={chosen}
          onChange={(changed) => set(pictures.map((one) => (one.id === changed.id ? changed : one)))}
        />
      )}
    </section>
  );
}

interface CardProps {
  image: KeyImage;
  selected: boolean;
  onSelect(): void;
  onMove(by: number): void;
  onDropOf(id: string): void;
  onRemove(): void;
}

const DRAGGED = "application/x-key-image";

function Card({ image, selected, onSelect, onMove, onDropOf, onRemove }: CardProps) {
  const { pictures: text } = useTeachingText();
  const { id, caption } = image;
  return (
    <li className={styles.card} data-selected={selected}>
      <button
        type="button"
        className={styles.thumb}
        draggable
        onDragStart={({ dataTransfer }) => dataTransfer.setData(DRAGGED, id)}
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes(DRAGGED)) event.preventDefault();
        }}
        onDrop={(event) => {
          event.preventDefault();
          onDropOf(event.dataTransfer.getData(DRAGGED));
        }}
        aria-pressed={selected}
        aria-label={text.change(caption)}
        title={caption}
        onClick={onSelect}
        data-testid={`key-image-${id}`}
      >
        <FigureImage image={image} alt="" />
      </button>
      <Group gap={0} justify="center" wrap="nowrap">
        <ActionIcon size="sm" variant="subtle" aria-label={text.earlier(caption)} onClick={() => onMove(-1)}>
          ‹
        </ActionIcon>
        <ActionIcon size="sm" variant="subtle" aria-label={text.later(caption)} onClick={() => onMove(1)}>
          ›
        </ActionIcon>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={text.remove(caption)}
          onClick={onRemove}
        >
          ✕
        </ActionIcon>
      </Group>
    </li>
  );
}
