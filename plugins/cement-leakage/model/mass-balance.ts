// Injected against found cement: whether some of it is missing on this CT. A reason to look again, never a proof of a leak.
import type { LocalText } from "./sites.ts";

export interface FoundCement {
  readonly volumeEstimateMm3: number;
  readonly volumeCi95Mm3: readonly [number, number];
  /** Cut off by the scan: at least this much. */
  readonly incomplete: boolean;
}

export interface MassBalance {
  readonly injectedMl: number;
  readonly foundMl: number;
  /** 95 %; the parts' errors have one cause (the cement's brightness), so that their widths add up. */
  readonly foundCi95Ml: readonly [number, number];
  /** Injected less found where that is more than the interval and the syringe explain, else null. */
  readonly missingMl: number | null;
  readonly text: LocalText;
}

/** What a syringe's scale, and cement left in needle and syringe, leave open at the least: mL, and share of what was injected. */
const SYRINGE_ML = 0.3;
const SYRINGE_SHARE = 0.1;

/** `found`: cement in bone and all that leaked or may have leaked. Null without an injected volume. */
export function massBalance(
  injectedMl: number | undefined,
  found: readonly FoundCement[],
): MassBalance | null {
  if (injectedMl === undefined || injectedMl <= 0) return null;
  let [foundMl, lowMl, highMl] = [0, 0, 0];
  for (const { volumeEstimateMm3, volumeCi95Mm3 } of found) {
    foundMl += volumeEstimateMm3 / 1000;
    lowMl += volumeCi95Mm3[0] / 1000;
    highMl += volumeCi95Mm3[1] / 1000;
  }
  const openMl = openIn(injectedMl);
  const balance = {
    injectedMl,
    foundMl,
    foundCi95Ml: [lowMl, highMl] as const,
    missingMl: injectedMl - highMl > openMl ? injectedMl - foundMl : null,
  };
  return {
    ...balance,
    text: balanceText(
      balance,
      found.some((part) => part.incomplete),
    ),
  };
}

/** The balance in a sentence; `cutOff`: the scan ends in cement. */
export function balanceText(balance: Omit<MassBalance, "text">, cutOff: boolean): LocalText {
  const { injectedMl, foundMl, foundCi95Ml, missingMl } = balance;
  const more = foundCi95Ml[0] - injectedMl > openIn(injectedMl);
  const ml = (value: number): string => value.toFixed(1);
  const interval = `${ml(foundMl)} mL, 95 %: ${ml(foundCi95Ml[0])} – ${ml(foundCi95Ml[1])} mL`;
  const end = cutOff
    ? {
        en: "; cement is cut off by the scan, which can explain it",
        zh: "；部分骨水泥位于扫描范围外，可解释该差异",
      }
    : { en: "", zh: "" };
  return missingMl !== null
    ? {
        en: `${ml(missingMl)} mL of ${ml(injectedMl)} mL injected not found on this CT (found ${interval}): look for cement in pelvic veins, along the needle track and outside the scan. What stayed in needle and syringe counts as injected too: no proof of a leak${end.en}`,
        zh: `注入 ${ml(injectedMl)} mL 中有 ${ml(missingMl)} mL 在该 CT 上未找到（已找到 ${interval}）：请查看盆腔静脉、穿刺道及扫描范围外。残留于针和注射器者亦计入注入量，故不能证明渗漏${end.zh}`,
      }
    : more
      ? {
          en: `More cement found (${interval}) than injected (${ml(injectedMl)} mL): check the injected volume, cement of an earlier procedure, and metal taken for cement`,
          zh: `找到的骨水泥（${interval}）多于注入量（${ml(injectedMl)} mL）：请核对注入量、既往骨水泥及误认的金属`,
        }
      : {
          en: `Injected ${ml(injectedMl)} mL, found ${interval}: no cement is missing beyond what interval and syringe leave open; a small leak can still be missed`,
          zh: `注入 ${ml(injectedMl)} mL，已找到 ${interval}：在区间与注射器误差内无缺失，仍可能漏检小渗漏`,
        };
}

const openIn = (injectedMl: number): number => Math.max(SYRINGE_ML, SYRINGE_SHARE * injectedMl);

/** mL of all lesions together; undefined where it is not known of each. */
export function injectedInAll(
  lesions: readonly { readonly injectedVolumeMl?: number | undefined }[],
): number | undefined {
  let sum = 0;
  for (const { injectedVolumeMl } of lesions) {
    if (injectedVolumeMl === undefined) return undefined;
    sum += injectedVolumeMl;
  }
  return lesions.length === 0 ? undefined : sum;
}
