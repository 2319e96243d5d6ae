// A key image to be changed: caption, with or without overlay, window, crop, slice and arrows; by pointer, by keys, by buttons.
import { Button, Group, NumberInput, SegmentedControl, Stack, Text as Words, TextInput } from "@mantine/core";
import { useState } from "react";
import {
  arrowAt,
  frameOf,
  type KeyForm,
  type KeyImage,
  type KeyWindow,
  KEY_WINDOWS,
  stepped,
  walkedAround,
  zoomed,
} from "../../teaching/key-image.ts";
import { PictureCanvas, turnedArrow, withoutArrow } from "./picture-canvas.tsx";
import styles from "./teaching.module.css";
import { useTeachingText } from "./use-teaching-text.ts";

interface PictureEditorProps {
  image: KeyImage;
  onChange(image: KeyImage): void;
}

const FORMS: readonly KeyForm[] = ["both", "plain", "marked"];
const isForm = (value: string): value is KeyForm => FORMS.some((one) => one === value);

export function PictureEditor({ image, onChange }: PictureEditorProps) {
  const { pictures: text } = useTeachingText();
  const [arrow, setArrow] = useState<number | null>(null);
  const chosen = arrow !== null && arrow < image.arrows.length ? arrow : null;
  const add = () => {
    onChange({ ...image, arrows: [...image.arrows, arrowAt(frameOf(image), image.center)] });
    setArrow(image.arrows.length);
  };
  return (
    <div className={styles.editor} data-testid="key-image-editor">
      <PictureCanvas image={image} arrow={chosen} onArrow={setArrow} onChange={onChange} />
      <Stack gap="xs" flex={1} miw={260}>
        <TextInput
          label={text.caption}
          value={image.caption}
          onChange={({ currentTarget }) => onChange({ ...image, caption: currentTarget.value })}
          data-testid="key-image-caption"
        />
        <SegmentedControl
          size="xs"
          aria-label={text.form}
          value={image.form}
          onChange={(form) => isForm(form) && onChange({ ...image, form })}
          data={FORMS.map((value) => ({ value, label: text.forms[value] }))}
        />
        {image.view !== "3d" && <WindowFields image={image} onChange={onChange} />}
        <Row label={text.crop}>
          <Step label={text.closer} onClick={() => onChange(zoomed(image, -1))} sign="+" />
          <Step label={text.wider} onClick={() => onChange(zoomed(image, 1))} sign="−" />
          <Words size="xs" c="dimmed">
            {image.fieldMm} mm
          </Words>
        </Row>
        {image.view === "3d" ? (
          <Row label={text.side}>
            <Step label={text.turnLeft} onClick={() => onChange(walkedAround(image, -1))} sign="⟲" />
            <Step label={text.turnRight} onClick={() => onChange(walkedAround(image, 1))} sign="⟳" />
          </Row>
        ) : (
          <Row label={text.slice}>
            <Step label={text.sliceBack} onClick={() => onChange(stepped(image, -1))} sign="‹" />
            <Step label={text.sliceOn} onClick={() => onChange(stepped(image, 1))} sign="›" />
          </Row>
        )}
        <Row label={text.arrows}>
          <Button size="compact-xs" variant="default" onClick={add} data-testid="key-image-add-arrow">
            {text.addArrow}
          </Button>
          {chosen !== null && (
            <>
              <Step label={text.turnLeft} onClick={() => onChange(turnedArrow(image, chosen, -1))} sign="⟲" />
              <Step label={text.turnRight} onClick={() => onChange(turnedArrow(image, chosen, 1))} sign="⟳" />
              <Step label={text.removeArrow} onClick={() => onChange(withoutArrow(image, chosen))} sign="✕" />
            </>
          )}
        </Row>
        <Words size="xs" c="dimmed">
          {text.keys}
        </Words>
      </Stack>
    </div>
  );
}

function WindowFields({ image, onChange }: PictureEditorProps) {
  const { pictures: text } = useTeachingText();
  const { window } = image;
  const set = (change: Partial<KeyWindow>) => onChange({ ...image, window: { ...window, ...change } });
  return (
    <>
      <Row label={text.window}>
        {KEY_WINDOWS.map(({ id, widthHu, levelHu }) => (
          <Button
            key={id}
            size="compact-xs"
            variant={window.widthHu === widthHu && window.levelHu === levelHu ? "filled" : "default"}
            onClick={() => set({ widthHu, levelHu })}
          >
            {text.windows[id]}
          </Button>
        ))}
      </Row>
      <Row label={text.hu}>
        <HuField
          label={text.width}
          value={window.widthHu}
          least={1}
          onChange={(widthHu) => set({ widthHu })}
        />
        <HuField
          label={text.level}
          value={window.levelHu}
          least={-1024}
          onChange={(levelHu) => set({ levelHu })}
        />
      </Row>
    </>
  );
}

interface HuFieldProps {
  label: string;
  value: number;
  least: number;
  onChange(value: number): void;
}

const HuField = ({ label, value, least, onChange }: HuFieldProps) => (
  <NumberInput
    size="xs"
    w={76}
    aria-label={label}
    value={value}
    min={least}
    max={10_000}
    step={100}
    onChange={(typed) => typeof typed === "number" && typed >= least && onChange(typed)}
  />
);

const Row = ({ label, children }: { label: string; children: React.ReactNode }) => (
  <Group gap={6} role="group" aria-label={label}>
    <Words size="xs" w={64}>
      {label}
    </Words>
    {children}
  </Group>
);

const Step = ({ label, sign, onClick }: { label: string; sign: string; onClick(): void }) => (
  <Button size="compact-xs" variant="default" aria-label={label} title={label} onClick={onClick}>
    {sign}
  </Button>
);
