// Other studies of the patient as parts of a teaching case: adding them, what of them leaves, and which frames wait to be looked at.
import { Button, Checkbox, Group, RangeSlider, Stack, Text as Words } from "@mantine/core";
import { useState } from "react";
import { problemText } from "#core/problem-text";
import type { OtherStudy } from "../../reading/teaching/privacy.ts";
import { useLocale, useReadable, useVerbs } from "../case-view.ts";
import { FrameViewer } from "./frame-viewer.tsx";
import { usePrivacyText } from "./use-privacy-text.ts";

export function StudiesPart() {
  const { teaching, reading } = useVerbs();
  const text = usePrivacyText();
  const locale = useLocale();
  const { others, refused } = useReadable(teaching.privacy.state);
  const beside = useReadable(reading.host.prior);
  const add = (from: "files" | "folder" | "beside") => void teaching.privacy.addStudies(from);
  return (
    <Stack gap="sm">
      <Words size="xs" c="dimmed">
        {text.othersHint}
      </Words>
      {others.map((study) => (
        <Study key={study.series.seriesInstanceUid} study={study} />
      ))}
      {refused.map((problem, n) => (
        <Words key={n} size="xs" c="yellow">
          {problemText(problem, locale)}
        </Words>
      ))}
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => add("files")}
          data-testid="teaching-add-files"
        >
          {text.addFiles}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => add("folder")}>
          {text.addFolder}
        </Button>
        {beside && (
          <Button size="compact-sm" variant="default" onClick={() => add("beside")}>
            {text.addBeside}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** DA as it is read: "20241230" as "2024-12-30". */
const dayOf = (date: string): string => date.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");

function Study({ study }: { study: OtherStudy }) {
  const { teaching } = useVerbs();
  const text = usePrivacyText();
  const { series, included, first, last, around } = study;
  const [range, setRange] = useState<readonly [number, number] | null>(null);
  const shown = range ?? [first + 1, last + 1];
  const images = series.images.slice(first, last + 1).filter(({ look }) => look !== null);
  const change = (value: Parameters<typeof teaching.privacy.include>[1]) =>
    teaching.privacy.include(series.seriesInstanceUid, value);
  return (
    <Stack gap={4} data-testid="other-study">
      <Checkbox
        label={text.study(series.modality, dayOf(series.date), series.description, series.images.length)}
        checked={included}
        onChange={({ currentTarget }) => change({ included: currentTarget.checked })}
      />
      {included && series.images.length > 1 && (
        <Group gap="sm" wrap="nowrap" pl={28}>
          <Words size="xs" w={170}>
            {text.keptSlices(shown[0], shown[1])}
          </Words>
          <RangeSlider
            flex={1}
            size="sm"
            min={1}
            max={series.images.length}
            minRange={0}
            value={[shown[0], shown[1]]}
            thumbFromLabel={text.from(text.slices)}
            thumbToLabel={text.to(text.slices)}
            onChange={setRange}
            onChangeEnd={([from, to]) => {
              setRange(null);
              change({ first: from - 1, last: to - 1 });
            }}
          />
        </Group>
      )}
      {included && around && (
        <Words size="xs" c={around === "unknown" ? "yellow" : "dimmed"} pl={28}>
          {text.around[around]}
        </Words>
      )}
      {included && images.length > 0 && <ToLookAt images={images} />}
    </Stack>
  );
}

function ToLookAt({ images }: { images: OtherStudy["series"]["images"] }) {
  const { teaching } = useVerbs();
  const text = usePrivacyText();
  const { looked } = useReadable(teaching.privacy.state);
  const [open, setOpen] = useState(false);
  const frames = images.reduce((sum, image) => sum + image.frames, 0);
  const seen = images.reduce((sum, image) => sum + (looked.get(image.sopInstanceUid)?.seen.size ?? 0), 0);
  const said = images.every((image) => looked.get(image.sopInstanceUid)?.nothingFound === true);
  const why = images[0].look;
  return (
    <Stack gap={4} pl={28}>
      {why && (
        <Words size="xs" c="dimmed">
          {text.why[why]} {said ? "" : text.leftOut}
        </Words>
      )}
      <Group gap="sm">
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => setOpen(true)}
          data-testid="look-at-frames"
        >
          {text.look(frames)}
        </Button>
        <Words size="xs">{text.seen(seen, frames)}</Words>
        <Checkbox
          size="xs"
          label={text.nothingFound(frames)}
          disabled={seen < frames}
          checked={said}
          onChange={({ currentTarget }) =>
            images.forEach((image) => teaching.privacy.sayNothingFound(image, currentTarget.checked))
          }
          data-testid="nothing-found"
        />
      </Group>
      {open && <FrameViewer images={images} close={() => setOpen(false)} />}
    </Stack>
  );
}
