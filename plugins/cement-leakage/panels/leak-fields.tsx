// What the reader answers of a leak beside its site.
import { Select, SimpleGrid, TextInput } from "@mantine/core";
import { lesionOf, type LeakFields, type Part } from "../model/case-document.ts";
import { confidenceSchema, routeSchema } from "../model/findings.ts";
import { useCase, useText, useVerbs } from "./case-view.ts";
import { Choices } from "./choices.tsx";

const SIDES = ["left", "midline", "right"] as const;
const LEVELS = ["S1", "S2", "S3", "S4", "S5"] as const;

export function LeakFieldsForm({ part, leak }: { part: Part; leak: LeakFields }) {
  const { deciding } = useVerbs();
  const text = useText();
  const document = useCase();
  const set = (change: Partial<LeakFields>) => deciding.setLeak(part.partId, change);
  const sacral = (lesionOf(document, part.lesionId)?.bone ?? "sacrum") === "sacrum";
  return (
    <>
      {leak.site === "other" && (
        <TextInput
          key={leak.siteText} // undo shows the former words again
          size="xs"
          mt={4}
          label={text.parts.otherSiteText}
          defaultValue={leak.siteText ?? ""}
          onBlur={({ target: { value } }) => value !== (leak.siteText ?? "") && set({ siteText: value })}
        />
      )}
      <SimpleGrid cols={2} spacing={6} verticalSpacing={4} mt={6}>
        <Choices
          label={text.parts.side}
          options={SIDES.map((side) => ({ value: side, label: text.sides[side] }))}
          chosen={[leak.side]}
          onChoose={(side) => set({ side })}
        />
        {sacral && (
          <Choices
            label={text.parts.level}
            options={LEVELS.map((level) => ({ value: level, label: level }))}
            chosen={leak.sacralLevels ?? []}
            onChoose={(level) => {
              const now = leak.sacralLevels ?? [];
              const next = now.includes(level)
                ? now.filter((entry) => entry !== level)
                : [...now, level].toSorted();
              set({ sacralLevels: next.length > 0 ? next : undefined });
            }}
          />
        )}
        <Select
          size="xs"
          label={text.parts.route}
          value={leak.route}
          data={routeSchema.options.map((route) => ({ value: route, label: text.routes[route] }))}
          onChange={(value) => {
            const route = routeSchema.safeParse(value);
            if (route.success) set({ route: route.data });
          }}
          allowDeselect={false}
        />
        <Select
          size="xs"
          label={text.parts.certainty}
          value={leak.confidence}
          data={confidenceSchema.options.map((value) => ({ value, label: text.certainties[value] }))}
          onChange={(value) => {
            const confidence = confidenceSchema.safeParse(value);
            if (confidence.success) set({ confidence: confidence.data });
          }}
          allowDeselect={false}
        />
        {document.lesions.length > 1 && (
          <Select
            size="xs"
            label={text.parts.lesion}
            value={part.lesionId ?? ""}
            data={[
              ...document.lesions.map((lesion) => ({
                value: lesion.lesionId,
                label: text.lesion.tab(lesion.lesionId),
              })),
              { value: "", label: text.parts.unattributed },
            ]}
            onChange={(value) => deciding.setPartLesion(part.partId, value === "" ? null : value)}
            allowDeselect={false}
          />
        )}
      </SimpleGrid>
    </>
  );
}
