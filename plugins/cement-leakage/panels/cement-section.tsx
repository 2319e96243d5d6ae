// Find the cement, and the floor in HU that separates it from its surroundings.
import { Alert, Button, Group, NumberInput, Progress, Slider, Text as Words } from "@mantine/core";
import { useState } from "react";
import { sliceSpacingMm } from "#core/space";
import { measurePart, volumeText } from "../model/measures.ts";
import { useCase, useReadable, useReadingState, useText, useVerbs } from "./case-view.ts";
import { Key } from "./key.tsx";
import { Section } from "./section.tsx";

/** Lowest floor that the slider offers: below it soft tissue and marrow flood the mask. */
const LOWEST_FLOOR_HU = 200;

export function CementSection() {
  const { finder, proposing, reading } = useVerbs();
  const text = useText();
  const document = useCase();
  const { busy } = useReadingState();
  const { volume, series } = useReadable(reading.host.scene);
  useReadable(reading.host.masks);
  const vesselHu = document.imagingFacts?.vesselHu;
  const contrast = [
    ...(series?.contrastAgent ? [series.contrastAgent] : []),
    ...(vesselHu === undefined ? [] : [text.cement.vessel(vesselHu)]),
  ].join(", ");
  const searched = document.floorHu !== null;
  const proposed = document.parts.some((part) => part.origin === "proposed");
  const spacingMm = volume ? sliceSpacingMm(volume.grid) : 1;
  const clipped =
    volume !== null &&
    document.parts.some((part) => {
      const mask = part.role === "intraosseous" || part.role === "leak" ? reading.maskOf(part.partId) : null;
      return mask !== null && measurePart(mask, volume).clippedShare > 0;
    });
  return (
    <Section title={text.cement.title}>
      {busy !== null ? (
        <Group gap="xs" wrap="nowrap">
          <Progress value={100 * busy} flex={1} animated aria-label={text.cement.searching} />
          <Words size="xs">{text.cement.searching}</Words>
        </Group>
      ) : !searched ? (
        <>
          <Button fullWidth size="md" onClick={() => void finder.find(null)} data-testid="find-cement">
            {text.cement.find}
            <Key verb="find" />
          </Button>
          {!volume?.relative && (
            <Words size="xs" c="dimmed" mt={4}>
              {text.cement.findHint}
            </Words>
          )}
        </>
      ) : (
        volume && (
          <Floor highestHu={volume.storableHu[1]} unit={volume.relative ? text.cement.relative : "HU"} />
        )
      )}
      {busy !== null && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => {
            finder.cancel();
            proposing.cancel();
          }}
        >
          {text.cement.cancel}
        </Button>
      )}
      {searched && busy === null && !proposed && document.status === "draft" && (
        <Button fullWidth size="xs" mt={6} onClick={() => void proposing.propose()} data-testid="propose">
          {text.cement.propose}
          <Key verb="propose" />
        </Button>
      )}
      {volume?.relative && (
        <Alert color="red" p={6} mt={4} data-testid="not-calibrated">
          {text.cement.notCalibrated}
        </Alert>
      )}
      {contrast && (
        <Alert color="yellow" p={6} mt={4} data-testid="contrast">
          {text.cement.contrast(contrast)}
        </Alert>
      )}
      {clipped && !volume?.relative && (
        <Words size="xs" c="yellow">
          {text.cement.clipped}
        </Words>
      )}
      {spacingMm > 1.5 && (
        <Alert color="yellow" p={6} mt={4}>
          {text.cement.thick(spacingMm.toFixed(2))}
        </Alert>
      )}
    </Section>
  );
}

function Floor({ highestHu, unit }: { highestHu: number; unit: string }) {
  const { finder, reading } = useVerbs();
  const text = useText();
  const { floorHu, proposedFloorHu, status } = useCase();
  const trial = useReadable(reading.trial);
  const tried = trial?.found;
  const [typed, setTyped] = useState<number | null>(null);
  const shown = trial?.floorHu ?? floorHu ?? LOWEST_FLOOR_HU;
  const locked = status === "final";
  const land = (hu: number) => {
    setTyped(null);
    if (hu !== floorHu) void finder.find(hu);
    else finder.tryFloor(null);
  };
  return (
    <div>
      <Group gap="xs" wrap="nowrap">
        <Words size="sm" w={44}>
          {text.cement.floor}
        </Words>
        <Slider
          flex={1}
          size="sm"
          min={LOWEST_FLOOR_HU}
          max={Math.min(highestHu, 3071)}
          step={10}
          value={Math.max(LOWEST_FLOOR_HU, shown)}
          onChange={(hu) => finder.tryFloor(hu)}
          onChangeEnd={land}
          label={(hu) => `${hu} ${unit}`}
          thumbLabel={text.cement.floor}
          disabled={locked}
        />
        <NumberInput
          size="xs"
          w={96}
          suffix={` ${unit}`}
          step={10}
          min={-1000}
          max={highestHu}
          value={typed ?? shown}
          onChange={(value) => setTyped(typeof value === "number" ? value : null)}
          onBlur={() => typed !== null && land(typed)}
          onKeyDown={(event) => event.key === "Enter" && typed !== null && land(typed)}
          aria-label={`${text.cement.floor} (${unit})`}
          disabled={locked}
          data-testid="floor-input"
        />
      </Group>
      {tried && (
        <Words size="xs" c="dimmed" role="status" data-testid="tried-floor">
          {text.cement.tried(
            `${tried.floorHu} ${unit}`,
            tried.partCount,
            tried.speckCount,
            volumeText(tried.volumeMm3),
          )}
        </Words>
      )}
      {proposedFloorHu !== null && proposedFloorHu !== floorHu && (
        <Group gap={6}>
          <Words size="xs" c="dimmed">
            {text.cement.proposed(`${proposedFloorHu} ${unit}`)}
          </Words>
          {!locked && (
            <Button size="compact-xs" variant="subtle" onClick={() => land(proposedFloorHu)}>
              {text.cement.useProposed}
            </Button>
          )}
        </Group>
      )}
    </div>
  );
}
