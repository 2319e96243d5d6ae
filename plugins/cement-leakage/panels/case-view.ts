// React's end of the reading: the verbs from context, and the case as state.
import { createContext, useContext, useMemo } from "react";
import type { Readable } from "#core/readable";
import type { VolumeEstimate } from "../engine/volume-estimate.ts";
import { volumeEstimator } from "../engine/volume-estimator.ts";
import { maskIdOfPart, type CaseDocument, type Part } from "../model/case-document.ts";
import { measurePart, type PartMeasures } from "../model/measures.ts";
import type { Deciding } from "../reading/decide.ts";
import type { Editing } from "../reading/edit-parts.ts";
import type { Exporting } from "../reading/export-case.ts";
import type { Finder } from "../reading/find.ts";
import type { Measuring } from "../reading/measure.ts";
import type { Proposing } from "../reading/propose.ts";
import type { Reading, ReadingState } from "../reading/reading.ts";
import type { SecondReading } from "../reading/second-read.ts";
import type { Signing } from "../reading/sign.ts";
import type { Storing } from "../reading/store-case.ts";
import type { Teaching } from "../reading/teaching/teaching-state.ts";
import type { Effort } from "./effort.ts";
import { en, type Text } from "./text/en.ts";
import { zh } from "./text/zh.ts";
import { useReadable } from "./use-readable.ts";

export { useReadable } from "./use-readable.ts";

export interface Verbs {
  readonly reading: Reading;
  readonly finder: Finder;
  readonly proposing: Proposing;
  readonly deciding: Deciding;
  readonly signing: Signing;
  readonly measuring: Measuring;
  readonly editing: Editing;
  readonly exporting: Exporting;
  readonly storing: Storing;
  readonly teaching: Teaching;
  readonly second: SecondReading;
  readonly effort: Readable<Effort>;
}

export const VerbsContext = createContext<Verbs | null>(null);

export function useVerbs(): Verbs {
  const verbs = useContext(VerbsContext);
  if (!verbs) throw new Error("VerbsContext is missing above this component");
  return verbs;
}

export const useCase = (): CaseDocument => useReadable(useVerbs().reading.document);
export const useReadingState = (): ReadingState => useReadable(useVerbs().reading.state);

const texts = { en, zh };
export const useLocale = (): "en" | "zh" => useReadable(useVerbs().reading.host.locale);
export const useText = (): Text => texts[useLocale()];

/** Measures of a part; null where it has no voxels here. */
export function useMeasures(part: Part): PartMeasures | null {
  const { reading } = useVerbs();
  useReadable(reading.host.masks);
  const { volume } = useReadable(reading.host.scene);
  const mask = reading.maskOf(part.partId);
  return mask && volume ? measurePart(mask, volume) : null;
}

/** Volume with partial voxels counted, and its 95 % interval; null where the part has no voxels here. */
export function useEstimate(part: Part): VolumeEstimate | null {
  const { reading } = useVerbs();
  const document = useCase();
  const masks = useReadable(reading.host.masks);
  const { volume } = useReadable(reading.host.scene);
  const mask = masks.get(maskIdOfPart(part.partId));
  return useMemo(
    () =>
      mask && volume && !volume.relative && reading.maskOf(part.partId)
        ? volumeEstimator(document, masks, volume)(mask)
        : null,
    [mask, volume, document, masks, reading, part.partId],
  );
}

export function useLesion() {
  const { reading } = useVerbs();
  const document = useCase();
  useReadingState();
  const lesionId = reading.selectedLesionId();
  return document.lesions.find((lesion) => lesion.lesionId === lesionId) ?? document.lesions[0];
}
