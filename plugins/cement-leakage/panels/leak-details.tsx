// What else is said of a leak: nerve, canal, symptoms, complication, whom it was told to. Fields that don't apply stay away.
import { Button, Checkbox, Group, SimpleGrid, Text as Words } from "@mantine/core";
import { lesionOf, type LeakFields, type Part } from "../model/case-document.ts";
import { isInCanal } from "../model/sites.ts";
import { useCase, useText, useVerbs } from "./case-view.ts";
import { AnyOf, Line, OneOf, Toggle } from "./choose.tsx";
import styles from "./panel.module.css";

const ROOTS = { L4: "L4", L5: "L5", S1: "S1", S2: "S2", S3: "S3", S4: "S4" } as const;

export function LeakDetails({ part, leak }: { part: Part; leak: LeakFields }) {
  const { deciding, reading } = useVerbs();
  const { form } = useText();
  const document = useCase();
  const set = (change: Partial<LeakFields>) => deciding.setLeak(part.partId, change);
  const bone = lesionOf(document, part.lesionId)?.bone ?? "sacrum";
  const vertebral = bone === "vertebra";
  const { complication, communicated } = leak;
  return (
    <details className={styles.folded} data-testid="leak-details">
      <summary>{form.more}</summary>
      <SimpleGrid cols={2} spacing={6} verticalSpacing={4} mt={4}>
        {vertebral && (
          <AnyOf
            label={form.yeom}
            words={form.yeomTypes}
            value={leak.yeomTypes}
            onChange={(yeomTypes) => set({ yeomTypes: yeomTypes && [...yeomTypes] })}
          />
        )}
        {bone === "sacrum" && (
          <Toggle
            label={form.zone}
            words={form.zoneNames}
            value={leak.denisZoneOrigin === undefined ? undefined : `${leak.denisZoneOrigin}`}
            onChange={(zone) => set({ denisZoneOrigin: zoneOf(zone) })}
          />
        )}
        <Toggle
          label={form.nerve}
          words={form.neural}
          value={leak.neuralRelation}
          onChange={(neuralRelation) => set({ neuralRelation })}
        />
        {leak.neuralRelation && leak.neuralRelation !== "none" && !vertebral && (
          <AnyOf
            label={form.roots}
            words={ROOTS}
            value={(leak.roots ?? []).filter((root): root is keyof typeof ROOTS => root in ROOTS)}
            onChange={(roots) => set({ roots: roots && [...roots] })}
          />
        )}
        {leak.neuralRelation && leak.neuralRelation !== "none" && vertebral && (
          <Line
            label={form.roots}
            value={leak.roots?.join(", ")}
            onChange={(value) => set({ roots: value?.split(/[\s,]+/).filter(Boolean) })}
          />
        )}
        {leak.site !== null && isInCanal(leak.site) && (
          <Toggle
            label={form.canal}
            words={form.canalParts}
            value={leak.canalOccupancy}
            onChange={(canalOccupancy) => set({ canalOccupancy })}
          />
        )}
        <OneOf
          label={form.symptom}
          words={form.symptoms}
          value={leak.symptom}
          onChange={(symptom) => set({ symptom: symptom ?? "not_assessed" })}
        />
        <OneOf
          label={`${form.complication}: ${form.tian2020}`}
          words={form.classes}
          value={complication?.tian2020}
          onChange={(tian2020) =>
            set({ complication: tian2020 === undefined ? undefined : { ...complication, tian2020 } })
          }
        />
        {complication && (
          <ComplicationSchemes
            value={complication}
            onChange={(change) => set({ complication: { ...complication, ...change } })}
          />
        )}
        <Line
          label={form.communicatedTo}
          value={communicated?.to}
          onChange={(to) =>
            set({
              communicated: to ? { to, at: communicated?.at ?? reading.host.now().toISOString() } : undefined,
            })
          }
        />
        {communicated && (
          <Group gap={4} align="end" wrap="nowrap">
            <Line
              label={form.communicatedAt}
              value={communicated.at}
              onChange={(at) => set({ communicated: { ...communicated, at: at ?? "" } })}
            />
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => set({ communicated: { ...communicated, at: reading.host.now().toISOString() } })}
            >
              {form.now}
            </Button>
          </Group>
        )}
        <Line label={form.comment} value={leak.comment} onChange={(comment) => set({ comment })} />
      </SimpleGrid>
      <Group gap={12} mt={6}>
        {leak.site === "sacral_venous_plexus" && (
          <Checkbox
            size="xs"
            label={form.alsoPresacral}
            checked={leak.alsoPresacral ?? false}
            onChange={({ currentTarget }) => set({ alsoPresacral: currentTarget.checked || undefined })}
          />
        )}
        <Checkbox
          size="xs"
          label={form.cortexInterpolated}
          checked={leak.cortexInterpolated ?? false}
          onChange={({ currentTarget }) => set({ cortexInterpolated: currentTarget.checked || undefined })}
        />
      </Group>
      {leak.symptom === "asymptomatic" && (
        <Words size="xs" c="dimmed">
          {form.symptomHint}
        </Words>
      )}
    </details>
  );
}

type Complication = NonNullable<LeakFields["complication"]>;

/** Classes beside the paper's: each with its edition, never a bare letter or number (DOMAIN §1.8). */
export function ComplicationSchemes({
  value,
  onChange,
}: {
  value: Complication;
  onChange: (change: Partial<Complication>) => void;
}) {
  const { form } = useText();
  const { undefined: _none, ...sirClasses } = form.classes;
  return (
    <>
      <OneOf label={form.sir} words={sirClasses} value={value.sir} onChange={(sir) => onChange({ sir })} />
      <Line
        label={form.sirAdverse}
        value={value.sirAdverseEvent?.grade}
        onChange={(grade) => onChange({ sirAdverseEvent: grade ? { grade, edition: "2017" } : undefined })}
      />
      <Line
        label={form.cirse}
        value={value.cirseGrade}
        onChange={(cirseGrade) =>
          onChange({
            cirseGrade,
            cirseEdition: cirseGrade === undefined ? undefined : (value.cirseEdition ?? "2017"),
          })
        }
      />
      {value.cirseGrade !== undefined && (
        <Toggle
          label={form.cirseEdition}
          words={EDITIONS}
          value={value.cirseEdition}
          onChange={(cirseEdition) => onChange({ cirseEdition })}
        />
      )}
    </>
  );
}

const EDITIONS = { "2017": "2017", "2026": "2026" } as const;

const zoneOf = (zone: "1" | "2" | "3" | undefined): 1 | 2 | 3 | undefined =>
  zone === undefined ? undefined : zone === "1" ? 1 : zone === "2" ? 2 : 3;
