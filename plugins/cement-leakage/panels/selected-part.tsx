// The selected part: its figures, and the keys that decide what it is.
import { Button, Group, Menu, Select, SimpleGrid, Text as Words } from "@mantine/core";
import { lesionOf, type Part } from "../model/case-document.ts";
import { volumeText, type PartMeasures } from "../model/measures.ts";
import { searchSites } from "../model/search-sites.ts";
import { siteOf, sitesFor, type Bone, type Site } from "../model/sites.ts";
import { sitesWithKeys } from "../reading/decide.ts";
import {
  useCase,
  useEstimate,
  useLocale,
  useMeasures,
  useReadable,
  useReadingState,
  useText,
  useVerbs,
} from "./case-view.ts";
import { REJECT_REASONS } from "../reading/reject-reasons.ts";
import { Offer, OfferDetails } from "./offer.tsx";
import { History } from "./history.tsx";
import { LeakDetails } from "./leak-details.tsx";
import { LeakFieldsForm } from "./leak-fields.tsx";
import { Key } from "./key.tsx";
import styles from "./panel.module.css";
import { SiteGlyph } from "./site-glyph.tsx";

export function SelectedPart() {
  const text = useText();
  const document = useCase();
  const keys = useReadable(useVerbs().reading.host.keys);
  const { selectedPartId } = useReadingState();
  const part = document.parts.find((entry) => entry.partId === selectedPartId);
  if (!part)
    return (
      <Words size="xs" c="dimmed" mt={6}>
        {text.parts.noSelection(keys["cement-leakage/next"] ?? "")}
      </Words>
    );
  return <Details key={part.partId} part={part} />;
}

function Details({ part }: { part: Part }) {
  const text = useText();
  const { status } = useCase();
  const measures = useMeasures(part);
  return (
    <div className={styles.selected} data-testid="selected-part">
      {part.notMeasurable ? (
        <Words size="xs" c="yellow" data-testid="not-measurable">
          {text.parts.notMeasurable}
        </Words>
      ) : (
        measures && <Figures measures={measures} />
      )}
      {part.proposed && part.role !== "not_cement" ? (
        <Offer
          proposed={part.proposed}
          open={part.role === "undecided" && status === "draft"}
          voxels={measures?.voxels ?? null}
        />
      ) : (
        part.reason && (
          <Words size="xs" c={part.alert ? "red" : "dimmed"}>
            {text.parts.reason}: {part.reason}
          </Words>
        )
      )}
      {part.segment && (
        <Words size="xs" c="dimmed" data-testid="segment">
          {text.parts.segment(part.segment.label)}
          {[part.segment.propertyType, part.segment.algorithm]
            .filter((word) => word !== "")
            .map((word) => ` · ${word}`)}
        </Words>
      )}
      {status === "draft" && <DecideButtons part={part} />}
      {part.proposed && part.role !== "not_cement" && (
        <OfferDetails proposed={part.proposed} voxels={measures?.voxels ?? null} />
      )}
      {measures && !part.notMeasurable && part.role !== "not_cement" && <Estimate part={part} />}
      {status === "draft" && part.leak && <LeakFieldsForm part={part} leak={part.leak} />}
      {status === "draft" && part.leak && <LeakDetails part={part} leak={part.leak} />}
      <History about={`part ${part.partId}`} />
    </div>
  );
}

/** The volume that counts partial voxels, kept apart from the voxel count. */
function Estimate({ part }: { part: Part }) {
  const text = useText();
  const locale = useLocale();
  const estimate = useEstimate(part);
  if (!estimate) return null;
  const [low, high] = estimate.ci95Mm3;
  return (
    <>
      <Words size="xs" className={styles.numbers} data-testid="estimate">
        {text.parts.estimate(volumeText(estimate.mm3), volumeText(low), volumeText(high))}
      </Words>
      {estimate.notes.map((note) => (
        <Words key={note.en} size="xs" c="yellow">
          {note[locale]}
        </Words>
      ))}
    </>
  );
}

function Figures({ measures }: { measures: PartMeasures }) {
  const text = useText();
  const { reading } = useVerbs();
  const relative = useReadable(reading.host.scene).volume?.relative !== undefined;
  const bound = measures.clippedShare > 0 ? "≥ " : "";
  return (
    <>
      <Words size="xs" className={styles.numbers} data-testid="figures">
        {measures.volumeMm3.toFixed(measures.volumeMm3 < 100 ? 1 : 0)} mm³ · {text.parts.longest}{" "}
        {measures.longestExtentMm.toFixed(1)} mm
        {relative
          ? ` · ${text.cement.noHu}`
          : ` · ${text.parts.mean} ${bound}${Math.round(measures.huMean)} · ${text.parts.max} ${bound}${measures.huMax} HU`}
      </Words>
      {measures.incomplete && (
        <Words size="xs" c="yellow">
          {text.parts.incomplete}
        </Words>
      )}
    </>
  );
}

/** Every site of the bone, found by typing any of its names; those with keys are in it too. */
function SiteSearch({ part, bone }: { part: Part; bone: Bone }) {
  const { deciding } = useVerbs();
  const text = useText();
  const locale = useLocale();
  const sites = sitesFor(bone);
  const optionOf = (site: Site) => ({ value: site.id, label: site.name[locale] });
  return (
    <Select
      size="xs"
      placeholder={text.parts.findSite}
      aria-label={text.parts.findSite}
      nothingFoundMessage={text.parts.noSuchSite}
      value={part.leak?.site ?? null}
      data={sites.map(optionOf)}
      filter={({ search }) => searchSites(sites, search).map(optionOf)}
      onChange={(value) => {
        const site = sites.find((entry) => entry.id === value);
        if (site) deciding.markLeak(site.id);
      }}
      allowDeselect={false}
      searchable
      data-testid="find-site"
    />
  );
}

function DecideButtons({ part }: { part: Part }) {
  const { deciding, reading } = useVerbs();
  const text = useText();
  const locale = useLocale();
  const document = useCase();
  const bone = lesionOf(document, part.lesionId ?? reading.selectedLesionId())?.bone ?? "sacrum";
  const keyed = sitesWithKeys(bone);
  const joinable = document.parts.filter(
    (other) => other.partId !== part.partId && other.role !== "not_cement",
  );
  return (
    <>
      <Group gap={3} mt={4}>
        <Button
          size="compact-xs"
          px={5}
          fw={500}
          variant={part.role === "intraosseous" ? "filled" : "default"}
          color="violet"
          onClick={deciding.markIntraosseous}
          data-testid="mark-intraosseous"
        >
          {text.parts.intraosseousButton}
          <Key verb="intraosseous" />
        </Button>
        <Button
          size="compact-xs"
          px={5}
          fw={500}
          variant={part.role === "not_cement" ? "filled" : "default"}
          color="gray"
          onClick={() => deciding.markNotCement()}
        >
          {text.parts.notCementButton}
          <Key verb="not-cement" />
        </Button>
        <Button
          size="compact-xs"
          px={5}
          fw={500}
          variant="default"
          onClick={deciding.split}
          data-testid="split"
        >
          {text.parts.split}
          <Key verb="split" />
        </Button>
        <Button
          size="compact-xs"
          px={5}
          fw={500}
          variant="default"
          onClick={deciding.mergeNearest}
          data-testid="join"
        >
          {text.parts.join}
          <Key verb="join" />
        </Button>
      </Group>
      <Group justify="space-between" mt={2}>
        <Words size="xs" c="dimmed">
          {text.parts.leakSites}
        </Words>
        <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <Button size="compact-xs" variant="subtle" aria-label={text.parts.more} title={text.parts.more}>
              ⋯
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {joinable.map((other) => (
              <Menu.Item key={other.partId} onClick={() => deciding.mergeInto(other.partId)}>
                {text.parts.mergeInto} {other.leak ? text.parts.leak(other.leak.number) : other.partId}
              </Menu.Item>
            ))}
            <Menu.Label>{text.parts.because}</Menu.Label>
            {REJECT_REASONS.map((reason) => (
              <Menu.Item
                key={reason.id}
                onClick={() => deciding.reject(reason)}
                rightSection={<Key verb={`reject-${reason.id}`} />}
              >
                {reason.text[locale]}
              </Menu.Item>
            ))}
            <Menu.Item color="red" onClick={deciding.remove}>
              {text.parts.remove}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <SimpleGrid cols={2} spacing={3} verticalSpacing={2} mb={4}>
        {keyed.map((id, index) => {
          const site = siteOf(id);
          return (
            <button
              key={id}
              type="button"
              className={styles.siteKey}
              aria-pressed={part.leak?.site === id}
              onClick={() => deciding.markLeak(id)}
              title={site.decideBy[locale]}
              data-site={id}
            >
              <Key verb={`site-${index + 1}`} />
              <SiteGlyph glyph={site.glyph} color={site.color} />
              <span>{site.name[locale]}</span>
            </button>
          );
        })}
        <SiteSearch part={part} bone={bone} />
      </SimpleGrid>
    </>
  );
}
