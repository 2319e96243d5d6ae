// Whether readers agree: coefficients with intervals, volumes against each other, and the cases that they read most differently.
import { Button, Table, Text } from "@mantine/core";
import {
  AGREEMENT_WORDS,
  agreementLines,
  coefficientText,
  readersName,
  valueText,
} from "../../cohort/agreement-rows.ts";
import type { ReadAgreement } from "../../cohort/agreement-tables.ts";
import { blandAltmanPlot } from "../../cohort/charts.ts";
import type { PageAnalysis } from "../../cohort/page-answers.ts";
import { Block } from "./block.tsx";
import { Chart } from "./chart.tsx";
import { useCohort } from "./cohort-view.ts";
import styles from "./cohort.module.css";

export function Agreement({ analysis }: { analysis: PageAnalysis }) {
  const { text } = useCohort();
  const { agreement } = analysis;
  if (!agreement) return null;
  const { overall, byReaders, volumesMm3 } = agreement;
  return (
    <Block title={text.agreement}>
      <Text size="xs" c="dimmed">
        {text.agreementHint(overall.pairs)}
      </Text>
      <div className={styles.pair}>
        <div>
          <Figures of={overall} />
          {byReaders.length > 1 &&
            byReaders.map((one) => (
              <details key={one.readers?.join(" ")}>
                <summary>
                  {readersName(one.readers, "en")}: {text.readTwice(one.pairs)}
                </summary>
                <Figures of={one} />
              </details>
            ))}
        </div>
        <div>
          {overall.volume.bland && (
            <Chart
              chart={blandAltmanPlot(volumesMm3, overall.volume.bland, "mm³", text.blandAltman)}
              name="volumes-of-two-readers"
            />
          )}
          <ReadTwice analysis={analysis} />
        </div>
      </div>
    </Block>
  );
}

function Figures({ of }: { of: ReadAgreement }) {
  const { text, locale } = useCohort();
  return (
    <Table fz="xs" verticalSpacing={3} data-testid="agreement">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{text.figure}</Table.Th>
          <Table.Th>{text.alike}</Table.Th>
          <Table.Th>{text.kappa}</Table.Th>
          <Table.Th>{text.ac1}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {agreementLines(of, locale).map((line) => (
          <Table.Tr key={line.id}>
            <Table.Td>{line.label}</Table.Td>
            <Table.Td className={styles.numbers} data-testid={`agreement-${line.id}`}>
              {valueText(line)}
            </Table.Td>
            <Table.Td className={styles.numbers}>{coefficientText(line.kappa, line.kappaCi95)}</Table.Td>
            <Table.Td className={styles.numbers}>{coefficientText(line.ac1, line.ac1Ci95)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Lines on the screen: the worst come first. */
const SHOWN = 20;

function ReadTwice({ analysis }: { analysis: PageAnalysis }) {
  const { text, locale, openCase } = useCohort();
  const cases = analysis.agreement?.cases ?? [];
  return (
    <Table fz="xs" verticalSpacing={3} data-testid="read-twice">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{text.patient}</Table.Th>
          <Table.Th>{text.readers}</Table.Th>
          <Table.Th>{text.differs}</Table.Th>
          <Table.Th>Dice</Table.Th>
          <Table.Th>{text.volume}</Table.Th>
          <Table.Th />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {cases.slice(0, SHOWN).map((one) => (
          <Table.Tr key={one.documentId}>
            <Table.Td>
              {one.patient} {one.date}
            </Table.Td>
            <Table.Td>{one.readers?.join(" – ") ?? AGREEMENT_WORDS.unknownReaders[locale]}</Table.Td>
            <Table.Td>{text.differences(one)}</Table.Td>
            <Table.Td className={styles.numbers}>{one.dice === null ? "–" : one.dice.toFixed(2)}</Table.Td>
            <Table.Td className={styles.numbers}>
              {one.volumeDifferenceMm3 === null ? "–" : one.volumeDifferenceMm3.toFixed(0).replace("-", "−")}
            </Table.Td>
            <Table.Td>
              <Button size="compact-xs" variant="light" onClick={() => void openCase(one)}>
                {text.openCase}
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
