// One page of help for a site: how it looks, what imitates it, what to mind, and a drawing of the phantom.
import { Modal, Stack, Text as Words, Title } from "@mantine/core";
import { SITE_HELP } from "../model/site-help.ts";
import { isLocalSite, siteOf, type Site, type SiteId } from "../model/sites.ts";
import { useLocale, useText } from "./case-view.ts";
import { DRAWING_MM, SITE_DRAWINGS, type SiteDrawing } from "./site-drawings.ts";
import { SiteGlyph } from "./site-glyph.tsx";

export function SitePage({ siteId, onClose }: { siteId: SiteId | null; onClose: () => void }) {
  const text = useText();
  const locale = useLocale();
  const site = siteId && siteOf(siteId);
  // A department's own site has what its file says.
  const help = siteId && !isLocalSite(siteId) ? SITE_HELP[siteId] : null;
  return (
    <Modal
      opened={site !== null}
      onClose={onClose}
      title={site?.name[locale]}
      size="lg"
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": text.help.close }}
    >
      {site && (
        <Stack gap="sm" data-testid="site-page">
          <Drawing site={site} />
          <Paragraph title={text.help.looks} words={site.decideBy[locale]} />
          {help && <Paragraph title={text.help.lookAlikes} words={help.lookAlikes[locale]} />}
          {help && <Paragraph title={text.help.mind} words={help.mind[locale]} />}
          <Words size="xs" c="dimmed">
            {text.help.draft}
          </Words>
        </Stack>
      )}
    </Modal>
  );
}

function Paragraph({ title, words }: { title: string; words: string }) {
  return (
    <div>
      <Title order={3} size="sm">
        {title}
      </Title>
      <Words size="sm">{words}</Words>
    </div>
  );
}

/** Sites that the phantom has no leak at: a ring where one would lie, on the drawing of another. Middle and radius in mm. */
const RINGS: Partial<
  Record<SiteId, { readonly on: string; readonly at: readonly [number, number, number] }>
> = {
  sacroiliac_joint: { on: "anterior_epidural_space", at: [116, 48, 5] },
  sacral_canal_other: { on: "puncture_path", at: [67, 50, 4.5] },
  paraspinal_gluteal_soft_tissue: { on: "puncture_path", at: [84, 74, 6] },
  pelvis_beyond_presacral: { on: "sacral_venous_plexus", at: [66, 16, 7] },
  iliac_vein: { on: "anterior_sacral_space", at: [104, 11, 6] },
  intervertebral_foramen: { on: "paravertebral_vein", at: [82, 49, 5] },
  paravertebral_soft_tissue: { on: "spinal_epidural_space", at: [102, 32, 7] },
  azygos_or_ivc: { on: "prevertebral_vein", at: [45, 12, 7] },
};

function drawingOf(
  siteId: SiteId,
): { drawing: SiteDrawing; ring?: readonly [number, number, number] } | null {
  const ring = RINGS[siteId];
  const drawing: SiteDrawing | undefined =
    SITE_DRAWINGS[ring?.on ?? (siteId === "l5s1_disc" ? "intervertebral_disc" : siteId)];
  return drawing ? { drawing, ring: ring?.at } : null;
}

function Drawing({ site }: { site: Site }) {
  const text = useText();
  const locale = useLocale();
  const found = drawingOf(site.id);
  if (!found) return <Words size="xs">{text.help.noDrawing}</Words>;
  const { drawing, ring } = found;
  const { wide, tall } = DRAWING_MM;
  return (
    <figure style={{ margin: 0 }}>
      <svg
        role="img"
        aria-label={text.help.drawingOf(site.name[locale])}
        viewBox={`0 0 ${wide} ${tall}`}
        width="100%"
        style={{ display: "block", maxHeight: "38vh", borderRadius: 4, background: "#000" }}
      >
        <path d={drawing.bone} fill="#8b8f94" fillRule="evenodd" />
        {ring ? (
          <circle
            cx={ring[0]}
            cy={ring[1]}
            r={ring[2]}
            fill="none"
            stroke={site.color}
            strokeWidth={1.2}
            strokeDasharray="2 1.2"
          />
        ) : (
          <path d={drawing.leak} fill={site.color} stroke="#000" strokeWidth={0.4} />
        )}
        {drawing.plane === "axial" && (
          <>
            <text x={2} y={tall / 2} fontSize={4.5} fill="#ced4da">
              {text.help.right}
            </text>
            <text x={wide - 2} y={tall / 2} fontSize={4.5} fill="#ced4da" textAnchor="end">
              {text.help.left}
            </text>
          </>
        )}
      </svg>
      <figcaption>
        <SiteGlyph glyph={site.glyph} color={site.color} />{" "}
        <Words span size="xs" c="dimmed">
          {text.help.plane[drawing.plane]} · {ring ? text.help.ring : text.help.leak}
        </Words>
      </figcaption>
    </figure>
  );
}
