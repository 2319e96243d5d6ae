// Injected against found cement, with its interval: what is missing is a reason to look again.
import { Text as Words } from "@mantine/core";
import { useMemo } from "react";
import type { CtVolume } from "#core/volume";
import { injectedInAll, massBalance, type FoundCement } from "../model/mass-balance.ts";
import { volumeEstimator } from "../engine/volume-estimator.ts";
import { maskIdOfPart, type CaseDocument, type Lesion, type Part } from "../model/case-document.ts";
import { measurePart } from "../model/measures.ts";
import { useCase, useLocale, useReadable, useVerbs } from "./case-view.ts";
import styles from "./panel.module.css";

type RunMask = Parameters<typeof measurePart>[0];

export function Balance({ lesion }: { lesion: Lesion }) {
  const { reading } = useVerbs();
  const locale = useLocale();
  const document = useCase();
  const masks = useReadable(reading.host.masks);
  const { volume } = useReadable(reading.host.scene);
  const balance = useMemo(
    () => (volume ? balanceOf(document, lesion, masks, volume) : null),
    [document, lesion, masks, volume],
  );
  if (!balance) return null;
  const missing = balance.missingMl !== null;
  return (
    <Words
      size="xs"
      c={missing ? "yellow" : "dimmed"}
      className={styles.numbers}
      style={{ gridColumn: "1 / -1" }}
      data-testid="balance"
    >
      {balance.text[locale]}
    </Words>
  );
}

/** All lesions together where each has its volume; else this lesion's cement and what belongs to no single one. */
function balanceOf(
  document: CaseDocument,
  lesion: Lesion,
  masks: ReadonlyMap<string, RunMask>,
  volume: CtVolume,
) {
  const inAll = injectedInAll(document.lesions);
  const injectedMl = inAll ?? lesion.injectedVolumeMl;
  // The balance rests on estimates, and those on HU.
  if (injectedMl === undefined || volume.relative) return null;
  const counts = (part: Part): boolean =>
    part.role !== "not_cement" &&
    !part.notMeasurable &&
    (part.role !== "undecided" || part.proposed !== undefined) &&
    (inAll !== undefined || part.lesionId === lesion.lesionId || part.lesionId === null);
  const estimate = volumeEstimator(document, masks, volume);
  const found = document.parts.filter(counts).flatMap((part) => {
    const mask = masks.get(maskIdOfPart(part.partId));
    return mask ? [known(mask, volume, estimate)] : [];
  });
  return massBalance(injectedMl, found);
}

const knownFound = new WeakMap<RunMask, FoundCement>();

/** A cast's estimate takes long and hardly hangs on what is decided beside it: made once for its voxels. */
function known(mask: RunMask, volume: CtVolume, estimate: ReturnType<typeof volumeEstimator>): FoundCement {
  const before = knownFound.get(mask);
  if (before) return before;
  const { mm3, ci95Mm3 } = estimate(mask);
  const found = {
    volumeEstimateMm3: mm3,
    volumeCi95Mm3: ci95Mm3,
    incomplete: measurePart(mask, volume).incomplete,
  };
  knownFound.set(mask, found);
  return found;
}
