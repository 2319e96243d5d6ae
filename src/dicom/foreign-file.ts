// What a file is that is no DICOM: told by its first bytes, else by its name, so that it can be counted without alarm.
import { type Problem, problem } from "#core/problem";

const ENDINGS: readonly (readonly [kind: string, endings: RegExp])[] = [
  ["autorun", /(^|\/)(autorun\.inf|shelexec\.exe)$/i],
  ["system", /(^|\/)(thumbs\.db|desktop\.ini|\.ds_store|\._[^/]*|lockfile|volumeid?)$|(^|\/)__macosx\//i],
  ["pdf", /\.pdf$/i],
  ["picture", /\.(jpe?g|png|gif|bmp|tiff?|ico|icns|svg|webp)$/i],
  [
    "program",
    /\.(exe|dll|ocx|cab|msi|jar|class|bat|cmd|com|so|dylib|app|drv|lib|manifest|plist|lng|chm|hlp)$/i,
  ],
  ["web", /\.(html?|css|js|xml|xsl|xslt|json|htc)$/i],
  ["office", /\.(docx?|xlsx?|pptx?|rtf|odt|ods)$/i],
  ["media", /\.(avi|mpe?g|mp4|mov|wmv|wav|mp3)$/i],
  ["text", /\.(txt|md|ini|cfg|log|csv|nfo|yml|yaml)$|(^|\/)(readme|licen[cs]e|changelog)[^/]*$/i],
];

const starts = (bytes: Uint8Array, signature: string, at = 0): boolean =>
  bytes.length >= at + signature.length &&
  Array.from(signature).every((letter, n) => bytes[at + n] === letter.charCodeAt(0));

function kindByBytes(bytes: Uint8Array): string | null {
  if (starts(bytes, "%PDF")) return "pdf";
  if (starts(bytes, "\u00ff\u00d8\u00ff") || starts(bytes, "\u0089PNG") || starts(bytes, "GIF8"))
    return "picture";
  if (starts(bytes, "BM") && bytes.length > 14 && bytes[6] === 0 && bytes[8] === 0) return "picture";
  if (starts(bytes, "II*\u0000") || starts(bytes, "MM\u0000*")) return "picture";
  if (starts(bytes, "MZ") || starts(bytes, "\u007fELF") || starts(bytes, "MSCF")) return "program";
  return starts(bytes, "RIFF") ? "media" : null;
}

const isGzip = (bytes: Uint8Array): boolean => starts(bytes, "\u001f\u008b");

/** Why a file without a DICOM data set was left out; `bytes` are its first ones. Information, not an error: discs are full of them. */
export function foreignProblem(bytes: Uint8Array, path: string): Problem {
  const fileName = path;
  const isNifti =
    starts(bytes, "n+1\u0000", 344) || starts(bytes, "ni1\u0000", 344) || starts(bytes, "n+2\u0000", 4);
  if (isNifti || /\.nii(\.gz)?$/i.test(path)) return problem("read/nifti", { fileName });
  if (starts(bytes, "NRRD00") || /\.(nrrd|nhdr)$/i.test(path)) return problem("read/nrrd", { fileName });
  const isArchive =
    isGzip(bytes) || starts(bytes, "7z\u00bc\u00af") || starts(bytes, "Rar!") || starts(bytes, "ustar", 257);
  if (isArchive || /\.(iso|tar|7z|rar|tgz|gz)$/i.test(path))
    return problem("read/other-archive", { fileName });
  const kind = kindByBytes(bytes) ?? ENDINGS.find(([, endings]) => endings.test(path))?.[0];
  return problem("read/not-dicom", kind ? { fileName, kind } : { fileName }, "info");
}
