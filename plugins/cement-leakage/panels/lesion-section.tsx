// The lesions of the procedure as tabs, each with its own facts and the checklist of its bone.
import { Alert, Button, Group, NumberInput, Select, SimpleGrid, Text as Words } from "@mantine/core";
import type { Lesion } from "../model/case-document.ts";
import { Balance } from "./balance.tsx";
import { useCase, useLesion, useReadable, useReadingState, useText, useVerbs } from "./case-view.ts";
import { Checklist } from "./checklist.tsx";
import { Choices } from "./choices.tsx";
import { AnyOf, OneOf, Toggle } from "./choose.tsx";
import { History } from "./history.tsx";
import { Needles } from "./needles.tsx";
import styles from "./panel.module.css";
import { Section } from "./section.tsx";

const SIDES = ["left", "midline", "right"] as const;
const LEVELS = ["S1", "S2", "S3", "S4", "S5"] as const;
const DENIS = [1, 2, 3] as const;
const ZONES = { 1: "1", 2: "2", 3: "3" } as const;
const BONES = ["sacrum", "vertebra", "ilium", "other"] as const;
const VERTEBRAE = [
  ...Array.from({ length: 5 }, (_, n) => `L${5 - n}`),
  ...Array.from({ length: 12 }, (_, n) => `T${12 - n}`),
  ...Array.from({ length: 7 }, (_, n) => `C${7 - n}`),
];

export function LesionSection() {
  const { deciding, reading } = useVerbs();
  const text = useText();
  const document = useCase();
  const { series } = useReadable(reading.host.scene);
  useReadingState();
  const lesion = useLesion();
  if (document.parts.length === 0 || !lesion) return null;
  return (
    <Section
      title={text.lesion.title}
      name="lesion"
      aside={
        <Group gap={4}>
          <div className={styles.choices} role="tablist">
            {document.lesions.map((entry) => (
              <button
                key={entry.lesionId}
                type="button"
                role="tab"
                aria-selected={entry === lesion}
                onClick={() => reading.setState({ selectedLesionId: entry.lesionId })}
              >
                {entry.lesionId}
              </button>
            ))}
          </div>
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={deciding.addLesion}
            title={text.lesion.add}
            aria-label={text.lesion.add}
          >
            +
          </Button>
          {document.lesions.length > 1 && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              onClick={() => deciding.removeLesion(lesion.lesionId)}
              title={text.lesion.remove}
              aria-label={text.lesion.remove}
            >
              −
            </Button>
          )}
        </Group>
      }
    >
      {series?.sideNeedsConfirmation && !document.sideConfirmed && (
        <Alert color="red" p={8} mb={6}>
          <Words size="xs">{text.lesion.confirmSide}</Words>
          <Button size="compact-xs" color="red" mt={4} onClick={deciding.confirmSide}>
            {text.lesion.confirmSideButton}
          </Button>
        </Alert>
      )}
      <LesionForm key={lesion.lesionId} lesion={lesion} />
      <Needles lesion={lesion} />
      <Checklist lesion={lesion} />
      <History about={`lesion ${lesion.lesionId}`} />
    </Section>
  );
}

function LesionForm({ lesion }: { lesion: Lesion }) {
  const { deciding } = useVerbs();
  const text = useText();
  const set = (change: Partial<Lesion>) => deciding.setLesion(lesion.lesionId, change);
  return (
    <SimpleGrid cols={2} spacing={6} verticalSpacing={4}>
      <Select
        size="xs"
        label={text.lesion.bone}
        value={lesion.bone}
        data={BONES.map((bone) => ({ value: bone, label: text.bones[bone] }))}
        onChange={(value) => {
          const bone = BONES.find((entry) => entry === value);
          if (bone) set({ bone });
        }}
        allowDeselect={false}
      />
      <Choices
        label={text.lesion.side}
        options={SIDES.map((side) => ({ value: side, label: text.sides[side] }))}
        chosen={[lesion.side]}
        onChoose={(side) => set({ side })}
      />
      {lesion.bone === "vertebra" && (
        <Select
          size="xs"
          label={text.lesion.vertebra}
          value={lesion.vertebra ?? null}
          data={VERTEBRAE}
          onChange={(value) => set({ vertebra: value ?? undefined })}
          searchable
        />
      )}
      {lesion.bone === "sacrum" && (
        <Choices
          label={text.lesion.levels}
          options={LEVELS.map((level) => ({ value: level, label: level }))}
          chosen={lesion.sacralLevels ?? []}
          onChoose={(level) => {
            const now = lesion.sacralLevels ?? [];
            const next = now.includes(level)
              ? now.filter((entry) => entry !== level)
              : [...now, level].toSorted();
            set({ sacralLevels: next.length > 0 ? next : undefined });
          }}
        />
      )}
      {lesion.bone === "sacrum" && (
        <AnyOf
          label={text.form.zones}
          words={text.form.zoneNames}
          value={lesion.denisZones?.map((zone) => ZONES[zone])}
          onChange={(zones) =>
            set({ denisZones: zones && DENIS.filter((zone) => zones.includes(ZONES[zone])) })
          }
        />
      )}
      <OneOf
        label={text.form.pathology}
        words={text.form.pathologies}
        value={lesion.pathology}
        onChange={(pathology) => set({ pathology })}
      />
      <Toggle
        label={text.form.lysis}
        words={text.form.lyses}
        value={lesion.lysis}
        onChange={(lysis) => set({ lysis })}
      />
      <Toggle
        label={text.form.breach}
        words={text.form.breaches}
        value={lesion.corticalBreachPre}
        onChange={(corticalBreachPre) => set({ corticalBreachPre })}
      />
      <NumberInput
        size="xs"
        label={text.lesion.injected}
        min={0}
        max={50}
        step={0.5}
        decimalScale={2}
        suffix=" mL"
        placeholder="–"
        value={lesion.injectedVolumeMl ?? ""}
        onChange={(value) => set({ injectedVolumeMl: typeof value === "number" ? value : undefined })}
      />
      <Balance lesion={lesion} />
    </SimpleGrid>
  );
}
