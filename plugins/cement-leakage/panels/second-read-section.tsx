// The second read: begin it blinded, then both reads side by side with what differs, and the third version between them.
import { Button, Group, Text as Words, TextInput, Tooltip } from "@mantine/core";
import { useState } from "react";
import type { ComparedLeak, Comparison, ReadLeak } from "../cohort/compare-reads.ts";
import type { Agreement } from "../cohort/agreement.ts";
import { lesionOf, siteAnswer } from "../model/case-document.ts";
import { siteOf } from "../model/sites.ts";
import { READ_LETTERS } from "../reading/draw-case.ts";
import { isBlinded } from "../reading/other-reads.ts";
import { decisionOf } from "../reading/adjudicate.ts";
import type { Choice } from "../reading/second-read.ts";
import { useCase, useLocale, useReadable, useText, useVerbs } from "./case-view.ts";
import styles from "./panel.module.css";
import { Section } from "./section.tsx";
import { SiteGlyph } from "./site-glyph.tsx";

export function SecondReadSection() {
  const { reading, second } = useVerbs();
  const { twice } = useText();
  const document = useCase();
  useReadable(reading.host.masks);
  const reads = second.reads();
  const result = second.comparison();
  if (document.status === "draft" && isBlinded(document))
    return (
      <Section title={twice.title}>
        <Words size="xs" c="dimmed" data-testid="blinded">
          {twice.blinded}
        </Words>
      </Section>
    );
  if (!reads || !result) {
    if (document.status !== "final") return null;
    const why = second.whyNotBegin();
    return (
      <Section title={twice.title}>
        <Tooltip label={why} disabled={why === null}>
          <Button
            size="compact-sm"
            variant="default"
            onClick={second.begin}
            data-disabled={why !== null || undefined}
            data-testid="second-read"
          >
            {twice.begin}
          </Button>
        </Tooltip>
        <Words size="xs" c="dimmed" mt={4}>
          {twice.beginHint}
        </Words>
      </Section>
    );
  }
  const deciding = document.adjudicates !== undefined && document.status === "draft";
  return (
    <Section title={twice.title}>
      <Figures result={result} />
      <div className={styles.compared} data-testid="comparison">
        <div className={styles.comparedHead}>
          {reads.map(({ readerName, readId }, which) => (
            <b key={READ_LETTERS[which]}>
              {readId === null ? "" : `${READ_LETTERS[which]}: `}
              {readerName}
            </b>
          ))}
        </div>
        {result.leaks.map((line) => (
          <Line key={`${line.first?.leakId}-${line.second?.leakId}`} line={line} deciding={deciding} />
        ))}
        {result.answersDiffering.map(({ first, second: other }) => (
          <AnswerLine
            key={`${first.lesionId}-${first.site}`}
            lesionId={first.lesionId}
            site={first.site}
            answers={[first.answer, other.answer]}
            deciding={deciding}
          />
        ))}
      </div>
      {document.status === "final" && !document.adjudicates && (
        <Button size="compact-sm" mt={6} onClick={second.adjudicate} data-testid="adjudicate">
          {twice.adjudicate}
        </Button>
      )}
    </Section>
  );
}

const share = (value: number | null): string => (value === null ? "–" : value.toFixed(2));

function Figures({ result }: { result: Comparison }) {
  const { twice } = useText();
  const kappa = (agreement: Agreement | null): string =>
    agreement === null
      ? "–"
      : `${Math.round(agreement.observed * agreement.count)}/${agreement.count}, κ ${share(agreement.kappa)}, AC1 ${share(agreement.ac1)}`;
  return (
    <Words size="xs" className={styles.numbers} data-testid="pair-figures">
      {result.presenceAgrees ? twice.presenceAgrees : twice.presenceDiffers} · {twice.sites}{" "}
      {kappa(result.sites)} · {twice.answers} {kappa(result.answers)} · Dice {share(result.dice)} ·{" "}
      {twice.volumeDifference(result.volumeDifferenceMm3.toFixed(1))}
    </Words>
  );
}

function Line({ line, deciding }: { line: ComparedLeak; deciding: boolean }) {
  const { second } = useVerbs();
  const { twice } = useText();
  const document = useCase();
  const decision = deciding ? decisionOf(document, line) : null;
  const [reason, setReason] = useState(decision?.reason ?? "");
  const choose = (choice: Choice) => second.decide(line, choice, reason);
  return (
    <div
      className={styles.comparedLine}
      data-differs={line.differs.length > 0 || undefined}
      data-open={(deciding && line.differs.length > 0 && !decision) || undefined}
    >
      <button type="button" onClick={() => second.show(line)}>
        <Leak leak={line.first} />
        <Leak leak={line.second} />
      </button>
      <Words size="xs" c={line.differs.length > 0 ? "yellow" : "dimmed"}>
        {line.differs.length > 0 ? line.differs.map((entry) => twice.differs[entry]).join(", ") : twice.same}
        {line.mergedInto ? ` (${line.mergedInto})` : ""}
        {line.dice === null ? "" : ` · Dice ${share(line.dice)}`}
      </Words>
      {deciding && line.differs.length > 0 && (
        <Group gap={4} wrap="nowrap">
          <TextInput
            size="xs"
            flex={1}
            aria-label={twice.reason}
            placeholder={twice.reason}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          {(["first", "second", "neither"] as const)
            .filter((choice) => choice === "neither" || line[choice] !== null)
            .map((choice) => (
              <Button
                key={choice}
                size="compact-xs"
                variant={decision?.choice === choice ? "filled" : "default"}
                onClick={() => choose(choice)}
              >
                {twice.choices[choice]}
              </Button>
            ))}
        </Group>
      )}
    </div>
  );
}

function Leak({ leak }: { leak: ReadLeak | null }) {
  const text = useText();
  const locale = useLocale();
  if (!leak) return <span>–</span>;
  const site = leak.site && siteOf(leak.site);
  return (
    <span>
      {site && <SiteGlyph glyph={site.glyph} color={site.color} />} {leak.leakId}{" "}
      {site ? site.name[locale] : text.parts.siteOpen}, {text.sides[leak.side]}
    </span>
  );
}

function AnswerLine({
  lesionId,
  site,
  answers,
  deciding,
}: {
  lesionId: string;
  site: Parameters<typeof siteOf>[0];
  answers: readonly ["present" | "absent" | "not_assessable", "present" | "absent" | "not_assessable"];
  deciding: boolean;
}) {
  const { second } = useVerbs();
  const text = useText();
  const locale = useLocale();
  const document = useCase();
  const lesion = lesionOf(document, lesionId);
  const now = lesion ? siteAnswer(document, lesionId, site) : null;
  const [reason, setReason] = useState(now?.adjudicated?.reason ?? "");
  const names = {
    present: text.checklist.present,
    absent: text.checklist.absent,
    not_assessable: text.checklist.notAssessableTitle,
  };
  // "Present" follows from a leak: only what can be stated is offered.
  const offered = (["first", "second"] as const).filter(
    (_, index) => answers[index] !== "present" && now?.answer !== "present",
  );
  return (
    <div className={styles.comparedLine} data-differs>
      <Words size="xs">
        {text.lesion.tab(lesionId)}: {siteOf(site).name[locale]}
      </Words>
      <Words size="xs" c="yellow">
        {names[answers[0]]} | {names[answers[1]]}
      </Words>
      {deciding && offered.length > 0 && (
        <Group gap={4} wrap="nowrap">
          <TextInput
            size="xs"
            flex={1}
            aria-label={text.twice.reason}
            placeholder={text.twice.reason}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          {offered.map((choice) => (
            <Button
              key={choice}
              size="compact-xs"
              variant={now?.answer === answers[choice === "first" ? 0 : 1] ? "filled" : "default"}
              onClick={() => second.decideAnswer(lesionId, site, choice, reason)}
            >
              {text.twice.choices[choice]}
            </Button>
          ))}
        </Group>
      )}
    </div>
  );
}
