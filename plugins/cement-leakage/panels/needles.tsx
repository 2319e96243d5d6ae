// The needles of a lesion: each with its approach, gauge and side.
import { Button, Group } from "@mantine/core";
import type { Lesion } from "../model/case-document.ts";
import { parseHabits } from "../model/habits.ts";
import { useReadable, useText, useVerbs } from "./case-view.ts";
import { Amount, OneOf, Toggle } from "./choose.tsx";

type Needle = NonNullable<Lesion["needles"]>[number];

export function Needles({ lesion }: { lesion: Lesion }) {
  const { deciding, reading } = useVerbs();
  const text = useText();
  const habits = parseHabits(useReadable(reading.host.habits));
  const needles = lesion.needles ?? [];
  const land = (next: readonly Needle[]) =>
    deciding.setLesion(lesion.lesionId, { needles: next.length > 0 ? [...next] : undefined });
  const change = (index: number, part: Partial<Needle>) =>
    land(needles.map((needle, n) => (n === index ? { ...needle, ...part } : needle)));
  const { bilateral: _both, ...sides } = text.sides;
  return (
    <div>
      {needles.map((needle, index) => (
        <Group key={index} gap={4} align="end" wrap="nowrap" data-testid={`needle-${index + 1}`}>
          <OneOf
            label={text.form.needle(index + 1)}
            words={text.approaches}
            value={needle.approach}
            onChange={(approach) => approach && change(index, { approach })}
          />
          <Amount
            label={text.form.gauge}
            suffix=" G"
            max={30}
            value={needle.gauge}
            onChange={(gauge) => change(index, { gauge })}
          />
          <Toggle
            label={text.lesion.side}
            words={sides}
            value={needle.side}
            onChange={(side) => change(index, { side })}
          />
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            aria-label={text.form.removeNeedle(index + 1)}
            title={text.form.removeNeedle(index + 1)}
            onClick={() => land(needles.filter((_, n) => n !== index))}
          >
            −
          </Button>
        </Group>
      ))}
      <OneOf<Needle["approach"]>
        key={needles.length} // empty again after each
        label={text.form.addNeedle}
        words={text.approaches}
        value={undefined}
        onChange={(approach) =>
          approach &&
          land([
            ...needles,
            { approach, ...(habits?.needleGauge === undefined ? {} : { gauge: habits.needleGauge }) },
          ])
        }
      />
    </div>
  );
}
