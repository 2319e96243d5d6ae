// What an installation sets in `config.json` beside the page: archive, UID root, maker's names, the reader's defaults.
import { z } from "zod";
import { problem, type Locale, type Problem } from "#core/problem";
import type { SegmentationForm } from "#core/segmentation-document";
import type { Drawing } from "./viewport-port.ts";

/** The file, in the folder of index.html. */
export const CONFIG = "config.json";

/** How an archive is signed in to. "page": by the session that the page itself came with (cookie, proxy, the browser's own login). */
const logins = ["page", "password", "token"] as const;
export type ArchiveLogin = (typeof logins)[number];

export interface ArchivePlace {
  /** DICOMweb root as configured: absolute, or relative to the page ("../dicom-web"). */
  readonly url: string;
  readonly login: ArchiveLogin;
}

/** A part that is missing, or was refused, leaves the program's own default. */
export interface Deployment {
  readonly archive?: ArchivePlace;
  readonly uidRoot?: string;
  readonly manufacturer?: string;
  readonly manufacturerModelName?: string;
  readonly deviceSerialNumber?: string;
  readonly readerRole?: string;
  /** How DICOM segmentations are written. */
  readonly segmentation?: SegmentationForm;
  readonly language?: Locale;
  readonly theme?: "dark" | "light";
  /** What draws the planes, for a graphics driver that draws them wrongly or slowly. */
  readonly drawing?: Drawing;
  /** Plugins beside the one for cement, by id. */
  readonly plugins?: readonly string[];
  /** Where the full viewer lies, for a host that shows only a part of it (OHIF). */
  readonly viewer?: string;
}

/** A UUID as one number (39 digits) and a dot must find room behind it (PS3.5 9.1: 64 characters). */
const LONGEST_ROOT = 64 - 1 - 39;
/** VR LO (PS3.5 6.2): at most 64 characters, no backslash, no control characters. */
const longString = z
  .string()
  .trim()
  .min(1)
  .max(64)
  // oxlint-disable-next-line no-control-regex -- these are what is refused
  .regex(/^[^\\\u0000-\u001f\u007f]*$/);

/** An http(s) address, or one relative to the page; without name and password, which a file that everybody can read must not hold. */
export function isArchiveAddress(text: string): boolean {
  try {
    const { protocol, username, password, search, hash } = new URL(text, "http://page.invalid/folder/");
    return (
      text.trim() === text &&
      text !== "" &&
      /^https?:$/.test(protocol) &&
      username + password + search + hash === ""
    );
  } catch {
    return false;
  }
}

const fields = {
  archive: z.strictObject({
    url: z.string().refine(isArchiveAddress),
    login: z.enum(logins).default("page"),
  }),
  uidRoot: z
    .string()
    .max(LONGEST_ROOT)
    .regex(/^[012](\.(0|[1-9]\d*))+$/),
  manufacturer: longString,
  manufacturerModelName: longString,
  deviceSerialNumber: longString,
  readerRole: z.string().trim().min(1).max(64),
  segmentation: z.enum(["BINARY", "LABELMAP"]),
  language: z.enum(["en", "zh"]),
  theme: z.enum(["dark", "light"]),
  drawing: z.enum(["auto", "gpu", "processor"]),
  plugins: z.array(z.string().trim().min(1).max(64)).max(16),
  viewer: z.string().refine(isArchiveAddress),
} satisfies Record<keyof Deployment, z.ZodType>;

const isField = (name: string): name is keyof typeof fields => Object.hasOwn(fields, name);

/** Reads the file's text. Each wrong value is a problem that names it, and only that value is left out. */
export function parseDeployment(text: string): {
  readonly deployment: Deployment;
  readonly problems: readonly Problem[];
} {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return { deployment: {}, problems: [problem("config/not-json", { message: String(error) }, "warning")] };
  }
  const object = z.record(z.string(), z.unknown()).safeParse(content);
  if (!object.success)
    return {
      deployment: {},
      problems: [problem("config/not-json", { message: "no object {…}" }, "warning")],
    };
  const problems: Problem[] = [];
  const deployment: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object.data)) {
    // "$schema", "$comment"
    if (name.startsWith("$")) continue;
    if (!isField(name)) {
      problems.push(
        problem("config/unknown-setting", { name, known: Object.keys(fields).join(", ") }, "warning"),
      );
      continue;
    }
    const parsed = fields[name].safeParse(value);
    if (parsed.success) deployment[name] = parsed.data;
    else {
      const path = [name, ...(parsed.error.issues[0]?.path ?? [])].join(".");
      problems.push(problem("config/wrong-value", { name: path, found: shown(value) }, "warning"));
    }
  }
  return { deployment, problems };
}

/** The value as it stands in the file, cut where it is long. */
const shown = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};
