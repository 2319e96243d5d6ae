// The category of the 2020 series (Tian, J Pain Res 2020;13:151), always computed from site and route, never typed.
import type { Route } from "./findings.ts";
import { isInCanal, isLocalSite, type Bone, type SiteId } from "./sites.ts";

export type Tian2020Category =
  "sacral_venous_plexus" | "puncture_path" | "anterior_epidural_space" | "anterior_sacral_space" | "other";

/** First match wins (DOMAIN §1.2). Step 3 needs a sacral lesion outside the canal. A department's own site is none of the series. */
export function tian2020Category(bone: Bone | null, site: SiteId, route: Route): Tian2020Category {
  if (isLocalSite(site)) return "other";
  if (site === "puncture_path") return "puncture_path";
  if (site === "anterior_epidural_space") return "anterior_epidural_space";
  const sacral = bone === "sacrum" || bone === null;
  if (sacral && !isInCanal(site) && (site === "sacral_venous_plexus" || route === "vein"))
    return "sacral_venous_plexus";
  if (site === "anterior_sacral_space") return "anterior_sacral_space";
  return "other";
}
