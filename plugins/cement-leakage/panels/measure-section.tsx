// Distances, angles and ellipses of the case, each with its value; a click goes there.
import { ActionIcon } from "@mantine/core";
import { measured, measuredText } from "../model/measurements.ts";
import { useCase, useReadable, useText, useVerbs } from "./case-view.ts";
import styles from "./panel.module.css";
import { Section } from "./section.tsx";

export function MeasureSection() {
  const text = useText().measure;
  const { reading, measuring } = useVerbs();
  const { volume } = useReadable(reading.host.scene);
  const { measurements } = useCase();
  if (!measurements || measurements.length === 0) return null;
  return (
    <Section title={text.title}>
      <div className={styles.parts} data-testid="measurements">
        {measurements.map((one) => (
          <div key={one.measurementId} className={styles.measurement}>
            <button type="button" className={styles.part} onClick={() => measuring.show(one.measurementId)}>
              <strong>{one.measurementId}</strong>
              <span>{text[one.kind]}</span>
              <span className={styles.measured}>{measuredText(measured(one, volume))}</span>
            </button>
            <ActionIcon
              size="sm"
              variant="subtle"
              onClick={() => measuring.remove(one.measurementId)}
              aria-label={text.remove(one.measurementId)}
              title={text.remove(one.measurementId)}
            >
              ✕
            </ActionIcon>
          </div>
        ))}
      </div>
    </Section>
  );
}
