// Editing a part's form: how brush and scissors work, and a button with its key for each verb.
import { Button, Group, NumberInput, Text as Words } from "@mantine/core";
import { useEffect } from "react";
import type { EditSettings } from "../reading/reading.ts";
import { SETTING } from "../reading/words.ts";
import { useCase, useLocale, useReadable, useReadingState, useText, useVerbs } from "./case-view.ts";
import { Key } from "./key.tsx";
import styles from "./panel.module.css";

export function EditSection() {
  const text = useText().edit;
  const locale = useLocale();
  const { editing, reading } = useVerbs();
  const { status, parts } = useCase();
  const { edit, selectedPartId, waitingPartId } = useReadingState();
  const tool = useReadable(reading.host.tools.active);
  if (status !== "draft") return null;
  const part = parts.find((entry) => entry.partId === selectedPartId);
  const range = tool === "cement-leakage/erase" ? edit.eraseRange : edit.paintRange;
  return (
    <>
      {waitingPartId !== null && <Waiting />}
      <details className={styles.editing} data-testid="editing">
        <summary>{text.title}</summary>
        <Group gap={4} mt={4}>
          <Verb
            verb="brush-shape"
            run={editing.toggleBrushShape}
            label={SETTING.brushShape[edit.brushShape][locale]}
          />
          <Verb verb="brush-range" run={editing.toggleRange} label={SETTING.range[range][locale]} />
          <Verb verb="brush-invert" run={editing.invertRange} label={text.invert} />
          <Verb
            verb="cut-depth"
            run={editing.toggleCutDepth}
            label={SETTING.cutDepth[edit.cutDepth][locale]}
          />
        </Group>
        <Words size="xs" c="dimmed" mt={6}>
          {text.pieces}
        </Words>
        <Group gap={4}>
          <Verb verb="keep-piece" run={editing.keepPiece} label={text.keepPiece} />
          <Verb verb="remove-piece" run={editing.removePiece} label={text.removePiece} />
          <Verb verb="split-pieces" run={editing.splitPieces} label={text.splitPieces} />
          <Verb verb="move-piece" run={() => editing.movePiece()} label={text.movePiece} />
          <Verb verb="remove-small" run={editing.removeSmall} label={text.removeSmall} />
          <Amount setting="smallMm3" label={text.smallMm3} unit="mm³" most={1000} />
        </Group>
        <Words size="xs" c="dimmed" mt={6}>
          {text.form}
        </Words>
        <Group gap={4}>
          <Verb verb="grow" run={editing.grow} label={text.grow} />
          <Verb verb="shrink" run={editing.shrink} label={text.shrink} />
          <Amount setting="stepMm" label={text.stepMm} unit="mm" most={10} />
          <Verb
            verb="grow-dense"
            run={editing.toggleGrowDense}
            label={SETTING.growsInto[edit.growDense ? "dense" : "any"][locale]}
          />
        </Group>
        <Group gap={4} mt={4}>
          <Verb verb="smooth" run={editing.smooth} label={text.smooth} />
          <Amount setting="smoothMm" label={text.smoothMm} unit="mm" most={5} />
          <Verb verb="fill-holes" run={editing.fillHoles} label={text.fillHoles} />
          <Verb verb="fill-between" run={editing.fillBetween} label={text.fillBetween} />
        </Group>
        <Group gap={4} mt={6}>
          <Verb verb="lock" run={() => editing.toggleLock()} label={part?.locked ? text.unlock : text.lock} />
          <Verb verb="hide" run={() => editing.toggleHidden()} label={part?.hidden ? text.show : text.hide} />
        </Group>
      </details>
    </>
  );
}

function Verb({ verb, run, label }: { verb: string; run: () => void | Promise<void>; label: string }) {
  return (
    <Button size="compact-xs" variant="default" onClick={() => void run()} data-verb={verb}>
      {label}
      <Key verb={verb} />
    </Button>
  );
}

type NumberSetting = "stepMm" | "smoothMm" | "smallMm3";

function Amount({
  setting,
  label,
  unit,
  most,
}: {
  setting: NumberSetting;
  label: string;
  unit: string;
  most: number;
}) {
  const { editing } = useVerbs();
  const { edit } = useReadingState();
  const change = (value: string | number): void => {
    const next: Partial<Record<NumberSetting, EditSettings[NumberSetting]>> = { [setting]: Number(value) };
    if (Number(value) > 0 && Number(value) <= most) editing.setEdit(next);
  };
  return (
    <NumberInput
      size="xs"
      w={84}
      min={0.1}
      max={most}
      step={setting === "smallMm3" ? 1 : 0.5}
      value={edit[setting]}
      onChange={change}
      suffix={` ${unit}`}
      aria-label={label}
      title={label}
    />
  );
}

/** A change that is shown in the images and waits: Enter (the key of accepting) takes it over, Escape drops it. */
function Waiting() {
  const text = useText().edit;
  const { editing } = useVerbs();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // Enter on one of the buttons below is that button's, in a field the field's.
      const { target } = event;
      if (target instanceof HTMLElement && target.closest("[data-testid=waiting-edit], input, textarea"))
        return;
      const run = { Escape: editing.dismiss, Enter: editing.confirm }[event.key];
      if (!run?.()) return;
      // It takes this key; the next one may put the tool away.
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [editing]);
  return (
    <Group gap={6} mt={6} px={12} role="status" data-testid="waiting-edit">
      <Words size="xs">{text.waiting}</Words>
      <Button size="compact-xs" onClick={() => editing.confirm()}>
        {text.takeOver}
        <Key verb="accept" />
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => editing.dismiss()}>
        {text.drop}&nbsp;<kbd>Esc</kbd>
      </Button>
    </Group>
  );
}
