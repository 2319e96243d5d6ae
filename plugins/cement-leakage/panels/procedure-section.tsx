// The procedure: what was done, with which cement, and how it ended; and what no header says of the CT.
import { Button, Group, Select, SimpleGrid, Text as Words } from "@mantine/core";
import type { CaseDocument } from "../model/case-document.ts";
import type { Findings } from "../model/findings.ts";
import { parseHabits } from "../model/habits.ts";
import { useCase, useReadable, useText, useVerbs } from "./case-view.ts";
import { Amount, AnyOf, Line, OneOf, Toggle } from "./choose.tsx";
import { ComplicationSchemes } from "./leak-details.tsx";
import { History } from "./history.tsx";
import styles from "./panel.module.css";
import { Section } from "./section.tsx";

type Procedure = CaseDocument["procedure"];
type Cement = NonNullable<Procedure["cement"]>;
type Complication = NonNullable<Findings["complications"]>[number];

export function ProcedureSection() {
  const { deciding, reading } = useVerbs();
  const text = useText();
  const { form } = text;
  const document = useCase();
  const habits = parseHabits(useReadable(reading.host.habits));
  const { procedure } = document;
  const set = (change: Partial<Procedure>) => deciding.setProcedure(change);
  if (document.parts.length === 0) return null;
  return (
    <Section title={form.procedureTitle} name="procedure">
      <SimpleGrid cols={2} spacing={6} verticalSpacing={4}>
        <Select
          size="xs"
          label={text.procedure}
          value={procedure.type}
          data={PROCEDURES.map((value) => ({ value, label: text.procedures[value] }))}
          onChange={(value) => {
            const type = PROCEDURES.find((entry) => entry === value);
            if (type) set({ type });
          }}
          allowDeselect={false}
        />
        <div data-field="date">
          <Line label={form.date} type="date" value={procedure.date} onChange={(date) => set({ date })} />
        </div>
      </SimpleGrid>
      <AnyOf
        label={form.guidance}
        words={form.guidances}
        value={procedure.guidance}
        onChange={(guidance) => set({ guidance: guidance && [...guidance] })}
      />
      <details className={styles.folded} data-testid="procedure-details">
        <summary>{form.procedureMore}</summary>
        {habits && (
          <Words size="xs" c="dimmed">
            {form.habit}
          </Words>
        )}
        <CementFields cement={procedure.cement ?? {}} onChange={(cement) => set({ cement })} />
        <AnyOf
          label={form.adjunct}
          words={form.adjuncts}
          value={procedure.adjunct}
          onChange={(adjunct) => set({ adjunct: adjunct && [...adjunct] })}
        />
        <SimpleGrid cols={2} spacing={6} verticalSpacing={4} mt={4}>
          <Line
            label={form.indication}
            value={procedure.indication}
            onChange={(indication) => set({ indication })}
          />
          <Line
            label={form.operator}
            value={procedure.operatorKey}
            onChange={(operatorKey) => set({ operatorKey })}
          />
          <div className={styles.inGrid} data-field="technicalSuccess">
            <Success procedure={procedure} onChange={set} />
          </div>
        </SimpleGrid>
        <ImagingFacts />
        <Complications list={document.complications ?? []} />
        <History about="procedure" />
      </details>
    </Section>
  );
}

const PROCEDURES = ["sacroplasty", "vertebroplasty", "kyphoplasty", "other"] as const;

function CementFields({ cement, onChange }: { cement: Cement; onChange: (cement: Cement) => void }) {
  const { form } = useText();
  const set = (change: Partial<Cement>) => onChange({ ...cement, ...change });
  return (
    <SimpleGrid cols={2} spacing={6} verticalSpacing={4}>
      <Line label={form.product} value={cement.product} onChange={(product) => set({ product })} />
      <Line
        label={form.manufacturer}
        value={cement.manufacturer}
        onChange={(manufacturer) => set({ manufacturer })}
      />
      <Line label={form.lot} value={cement.lot} onChange={(lot) => set({ lot })} />
      <Line label={form.udi} value={cement.udi} onChange={(udi) => set({ udi })} />
      <OneOf
        label={form.radiopacifier}
        words={form.radiopacifiers}
        value={cement.radiopacifier}
        onChange={(radiopacifier) => set({ radiopacifier })}
      />
      <Amount
        label={form.radiopacifierPct}
        suffix=" %"
        max={100}
        value={cement.radiopacifierPct}
        onChange={(radiopacifierPct) => set({ radiopacifierPct })}
      />
      <OneOf
        label={form.viscosity}
        words={form.viscosities}
        value={cement.viscosity}
        onChange={(viscosity) => set({ viscosity })}
      />
    </SimpleGrid>
  );
}

function Success({
  procedure: { technicalSuccess },
  onChange,
}: {
  procedure: Procedure;
  onChange: (change: Partial<Procedure>) => void;
}) {
  const { form } = useText();
  const set = (change: Partial<NonNullable<Procedure["technicalSuccess"]>>) =>
    onChange({
      technicalSuccess: { value: "unknown", definition: "tian2020", ...technicalSuccess, ...change },
    });
  return (
    <>
      <Toggle
        label={form.success}
        words={form.successes}
        value={technicalSuccess?.value}
        onChange={(value) => (value ? set({ value }) : onChange({ technicalSuccess: undefined }))}
      />
      {technicalSuccess && (
        <Toggle
          label={form.successBy}
          words={form.definitions}
          value={technicalSuccess.definition}
          onChange={(definition) => definition && set({ definition })}
        />
      )}
      {technicalSuccess?.definition === "other" && (
        <Line label={form.successText} value={technicalSuccess.text} onChange={(text) => set({ text })} />
      )}
    </>
  );
}

function ImagingFacts() {
  const { deciding } = useVerbs();
  const { form } = useText();
  const { imagingFacts = {} } = useCase();
  const yesNo = { yes: form.yes, no: form.no };
  const answer = (value: boolean | undefined) => (value === undefined ? undefined : value ? "yes" : "no");
  return (
    <SimpleGrid cols={2} spacing={6} verticalSpacing={4} mt={4}>
      <Amount
        label={form.hoursAfter}
        suffix=" h"
        max={100_000}
        value={imagingFacts.hoursAfterProcedure}
        onChange={(hoursAfterProcedure) => deciding.setImagingFacts({ hoursAfterProcedure })}
      />
      <Toggle
        label={form.contrast}
        words={yesNo}
        value={answer(imagingFacts.contrast)}
        onChange={(value) => deciding.setImagingFacts({ contrast: value && value === "yes" })}
      />
      <Toggle
        label={form.mar}
        words={yesNo}
        value={answer(imagingFacts.marUsed)}
        onChange={(value) => deciding.setImagingFacts({ marUsed: value && value === "yes" })}
      />
      <AnyOf
        label={form.fieldOfView}
        words={form.regions}
        value={imagingFacts.fieldOfView}
        onChange={(fieldOfView) => deciding.setImagingFacts({ fieldOfView: fieldOfView && [...fieldOfView] })}
      />
    </SimpleGrid>
  );
}

function Complications({ list }: { list: readonly Complication[] }) {
  const { deciding } = useVerbs();
  const { form } = useText();
  const replace = (index: number, change: Partial<Complication> | null) =>
    deciding.setComplications(
      list.flatMap((entry, n) => (n !== index ? [entry] : change ? [{ ...entry, ...change }] : [])),
    );
  return (
    <>
      {list.map((entry, index) => (
        <SimpleGrid cols={2} spacing={6} verticalSpacing={4} mt={6} key={`${entry.type}-${index}`}>
          <Group gap={4} align="end" wrap="nowrap">
            <Words size="xs" fw={600}>
              {form.complicationTypes[entry.type]}
            </Words>
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              aria-label={`− ${form.complicationTypes[entry.type]}`}
              onClick={() => replace(index, null)}
            >
              −
            </Button>
          </Group>
          <OneOf
            label={form.tian2020}
            words={form.classes}
            value={entry.tian2020}
            onChange={(tian2020) => replace(index, { tian2020: tian2020 ?? "undefined" })}
          />
          <ComplicationSchemes value={entry} onChange={(change) => replace(index, change)} />
          <Line label={form.comment} value={entry.text} onChange={(text) => replace(index, { text })} />
        </SimpleGrid>
      ))}
      <OneOf<Complication["type"]>
        key={list.length} // empty again after each
        label={form.addComplication}
        words={form.complicationTypes}
        value={undefined}
        onChange={(type) => type && deciding.setComplications([...list, { type, tian2020: "undefined" }])}
      />
    </>
  );
}
