// Every site of the lesion's bone: present, absent or not assessable, so that an absence is stated rather than assumed.
import { Autocomplete, Badge, Group, Text as Words } from "@mantine/core";
import { useState } from "react";
import { checklistOf, leaksOf, openSites, siteAnswer, type Lesion } from "../model/case-document.ts";
import type { Site, SiteId } from "../model/sites.ts";
import { cementRange, rangesText } from "../reading/seen-slices.ts";
import { useCase, useLocale, useReadable, useText, useVerbs } from "./case-view.ts";
import { Key } from "./key.tsx";
import styles from "./panel.module.css";
import { SitePage } from "./site-page.tsx";
import { SiteGlyph } from "./site-glyph.tsx";

export function Checklist({ lesion }: { lesion: Lesion }) {
  const text = useText();
  const [about, setAbout] = useState<SiteId | null>(null);
  const document = useCase();
  const openNow = openSites(document, lesion);
  const open = openNow.length;
  return (
    <div className={styles.checklist} data-testid="checklist">
      <Group justify="space-between" mt={8}>
        <h3>{text.checklist.title}</h3>
        {open > 0 && (
          <Badge size="sm" color="yellow" variant="light">
            {text.checklist.openCount(open)}
          </Badge>
        )}
      </Group>
      <SeenSlices lesion={lesion} />
      {checklistOf(document, lesion).map((site) => (
        <SiteRow
          key={site.id}
          lesion={lesion}
          site={site}
          first={site.id === openNow[0]}
          onHelp={() => setAbout(site.id)}
        />
      ))}
      <SitePage siteId={about} onClose={() => setAbout(null)} />
      <Words size="xs" c="dimmed">
        {text.checklist.distant}
      </Words>
    </div>
  );
}

/** What was displayed so far, beside where this lesion's cement lies: a help for "absent", never a proof. */
function SeenSlices({ lesion }: { lesion: Lesion }) {
  const { reading } = useVerbs();
  const text = useText();
  const document = useCase();
  const seen = useReadable(reading.seenSlices);
  const { volume } = useReadable(reading.host.scene);
  useReadable(reading.host.masks);
  if (!volume || seen.length === 0 || document.status !== "draft") return null;
  const cement = cementRange(document, lesion.lesionId, reading.maskOf);
  return (
    <Words size="xs" c="dimmed" data-testid="seen-slices">
      {text.checklist.seen(rangesText(seen, volume.grid), cement && rangesText([cement], volume.grid))}
    </Words>
  );
}

interface SiteRowProps {
  readonly lesion: Lesion;
  readonly site: Site;
  readonly first: boolean;
  readonly onHelp: () => void;
}

function SiteRow({ lesion, site, first, onHelp }: SiteRowProps) {
  const { deciding, reading } = useVerbs();
  const text = useText();
  const locale = useLocale();
  const document = useCase();
  const answer = siteAnswer(document, lesion.lesionId, site.id);
  /** What was answered before a leak was tagged here: it keeps the case from being signed until it is taken back. */
  const contradicted = document.assessments.find(
    (entry) => entry.lesionId === lesion.lesionId && entry.site === site.id && entry.answer !== "present",
  );
  const here = leaksOf(document).filter(
    (part) => part.leak.site === site.id && (part.lesionId ?? lesion.lesionId) === lesion.lesionId,
  );
  const toggle = (value: "absent" | "not_assessable") =>
    deciding.answer(lesion.lesionId, site.id, answer?.answer === value ? null : value);
  return (
    <div className={styles.siteRow} data-site={site.id} data-answer={answer?.answer ?? "open"}>
      <SiteGlyph glyph={site.glyph} color={site.color} />
      <span className={styles.siteName} title={site.decideBy[locale]}>
        {site.name[locale]}
      </span>
      <button
        type="button"
        className={styles.about}
        onClick={onHelp}
        aria-label={text.help.open(site.name[locale])}
        title={text.help.open(site.name[locale])}
        data-testid="about-site"
      >
        ?
      </button>
      {answer?.answer === "present" ? (
        <>
          {contradicted && (
            <div className={styles.choices}>
              <button
                type="button"
                onClick={() => deciding.answer(lesion.lesionId, site.id, null)}
                title={text.checklist.takeBack}
                aria-label={text.checklist.takeBack}
                data-testid="take-back"
              >
                <s>
                  {contradicted.answer === "absent" ? text.checklist.absent : text.checklist.notAssessable}
                </s>{" "}
                ✕
              </button>
            </div>
          )}
          <button
            type="button"
            className={styles.present}
            onClick={() => reading.select(here[0]?.partId ?? null)}
          >
            {text.checklist.present} ({here.map((part) => part.leak.number).join(", ")})
          </button>
        </>
      ) : (
        <div className={styles.choices}>
          <button
            type="button"
            aria-pressed={answer?.answer === "absent"}
            onClick={() => toggle("absent")}
            data-testid="absent"
          >
            {text.checklist.absent}
            {first && <Key verb="absent" />}
          </button>
          <button
            type="button"
            aria-pressed={answer?.answer === "not_assessable"}
            onClick={() => toggle("not_assessable")}
            title={text.checklist.notAssessableTitle}
            aria-label={`${text.checklist.notAssessable}: ${text.checklist.notAssessableTitle}`}
          >
            {text.checklist.notAssessable}
          </button>
        </div>
      )}
      {answer?.answer === "not_assessable" && (
        <Autocomplete
          className={styles.reason}
          size="xs"
          placeholder={text.checklist.why}
          aria-label={text.checklist.why}
          data={text.checklist.reasons}
          defaultValue={answer.reason ?? ""}
          onChange={(reason) => {
            if (text.checklist.reasons.includes(reason))
              deciding.answer(lesion.lesionId, site.id, "not_assessable", reason);
          }}
          onBlur={({ target: { value } }) => {
            if (value !== (answer.reason ?? ""))
              deciding.answer(lesion.lesionId, site.id, "not_assessable", value);
          }}
        />
      )}
    </div>
  );
}
