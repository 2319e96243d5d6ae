// What leaves with a teaching case, folded to a line each: free text, the region of the CT, other studies.
import { Accordion, Text as Words } from "@mantine/core";
import { leavingOf } from "../../reading/teaching/privacy.ts";
import { useReadable, useVerbs } from "../case-view.ts";
import { CropPart } from "./crop-part.tsx";
import { regionSizeMm } from "./crop-planes.ts";
import { FreeTextPart } from "./free-text-part.tsx";
import { StudiesPart } from "./studies-part.tsx";
import { usePrivacyText } from "./use-privacy-text.ts";

export function PrivacySection() {
  const { teaching, reading } = useVerbs();
  const text = usePrivacyText();
  const { step } = useReadable(teaching.state);
  const { approved, region, proposed, others, looked } = useReadable(teaching.privacy.state);
  const { volume } = useReadable(reading.host.scene);
  if (step === "closed" || !volume) return null;
  const words = [...approved.values()].reduce((sum, one) => sum + one.size, 0);
  const images = others.reduce((sum, study) => sum + leavingOf(study, looked).length, 0);
  const shown = region ?? proposed;
  const size = shown ? regionSizeMm(volume.grid, shown) : "";
  const parts = [
    { id: "free-text", label: text.freeText, now: text.freeTextState(words), part: <FreeTextPart /> },
    {
      ...{ id: "crop", label: text.crop, part: <CropPart /> },
      now: text.cropState(size, region !== null),
    },
    { id: "others", label: text.others, now: text.othersState(images), part: <StudiesPart /> },
  ];
  return (
    <section aria-label={text.heading}>
      <Words size="sm" fw={500}>
        {text.heading}
      </Words>
      <Accordion multiple variant="contained" chevronPosition="left" transitionDuration={0}>
        {parts.map(({ id, label, now, part }) => (
          <Accordion.Item key={id} value={id}>
            <Accordion.Control data-testid={`teaching-${id}`}>
              <Words size="sm">
                {label}
                <Words span size="sm" c="dimmed" ml="xs">
                  {now}
                </Words>
              </Words>
            </Accordion.Control>
            <Accordion.Panel>{part}</Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </section>
  );
}
