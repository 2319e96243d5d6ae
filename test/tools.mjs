// The programs outside npm that the tests need: finds them, installs what is missing through apt where that is allowed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const POLICY_FILE = "/usr/sbin/policy-rc.d";

/** @param {string} command @param {readonly string[]} args */
function succeeds(command, args) {
  return spawnSync(command, args, { stdio: "ignore", timeout: 60_000 }).status === 0;
}

/** @param {string} command */
const onPath = (command) => succeeds("sh", ["-c", `command -v ${command}`]);

/** @param {string} module */
const pythonHas = (module) => succeeds("/usr/bin/python3", ["-c", `import ${module}`]);

/**
 * `check` says what does not run without the tool.
 * @typedef {{ name: string, packages: readonly string[], check: string, present: () => boolean }} Tool
 * @type {readonly Tool[]}
 */
export const TOOLS = [
  {
    name: "Chromium",
    packages: ["chromium"],
    check: "browser tests",
    present: () => browserPath() !== undefined,
  },
  {
    name: "CJK fonts",
    packages: ["fonts-noto-cjk"],
    check: "screenshots in Chinese",
    present: () => succeeds("sh", ["-c", "fc-list :lang=zh-cn family 2>/dev/null | grep -q ."]),
  },
  {
    name: "dicom3tools",
    packages: ["dicom3tools"],
    check: "dciodvfy on CT, SEG and SR",
    present: () => onPath("dciodvfy") && onPath("dcentvfy"),
  },
  {
    name: "dcmtk",
    packages: ["dcmtk"],
    check: "dcmdump and dsrdump on the exports",
    present: () => onPath("dcmdump") && onPath("dsrdump"),
  },
  {
    name: "PixelMed",
    packages: ["libpixelmed-java", "default-jre-headless"],
    check: "TID 1500 by PixelMed's validator",
    present: () => onPath("java") && existsSync("/usr/share/java/pixelmed.jar"),
  },
  {
    name: "Orthanc with DICOMweb",
    packages: ["orthanc", "orthanc-dicomweb"],
    check: "archive tests",
    present: () =>
      (onPath("Orthanc") || existsSync("/usr/sbin/Orthanc")) &&
      existsSync("/usr/share/orthanc/plugins/libOrthancDicomWeb.so"),
  },
  {
    name: "pydicom and numpy",
    packages: ["python3-pydicom", "python3-numpy"],
    check: "reading the exports back with pydicom",
    present: () => pythonHas("pydicom") && pythonHas("numpy"),
  },
  {
    name: "nibabel",
    packages: ["python3-nibabel"],
    check: "reading the NIfTI label map back",
    present: () => pythonHas("nibabel"),
  },
  {
    name: "R",
    packages: ["r-base-core"],
    check: "the cohort's statistics against R",
    present: () => onPath("Rscript"),
  },
];

/** A Chromium-like browser: CHROMIUM in the environment, then Debian's, then what else is on the machine. */
export function browserPath() {
  const named = process.env.CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  const places = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ];
  return places.find((place) => existsSync(place));
}

/** How apt-get may be called here: as root, through sudo without a password, or not at all. */
function aptPrefix() {
  if (!onPath("apt-get")) return undefined;
  if (process.getuid?.() === 0) return [];
  return succeeds("sudo", ["-n", "true"]) ? ["sudo", "-n"] : undefined;
}

/** @param {readonly string[]} prefix @param {readonly string[]} args */
function apt(prefix, args) {
  const [command = "", ...rest] = [
    ...prefix,
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-o",
    "DPkg::Lock::Timeout=600",
    "-q",
    "-o",
    "Dpkg::Use-Pty=0",
    ...args,
  ];
  return spawnSync(command, rest, { stdio: ["ignore", "inherit", "inherit"] }).status === 0;
}

/**
 * Runs `work` while packages may not start daemons (Orthanc's would listen on every interface).
 * @param {readonly string[]} prefix
 * @param {() => void} work
 */
function withoutDaemons(prefix, work) {
  const shell = (/** @type {string} */ script) => {
    const [command = "sh", ...args] = [...prefix, "sh", "-c", script];
    return succeeds(command, args);
  };
  const created =
    !existsSync(POLICY_FILE) &&
    shell(`printf '#!/bin/sh\\nexit 101\\n' > ${POLICY_FILE} && chmod 755 ${POLICY_FILE}`);
  try {
    work();
  } finally {
    if (created) shell(`rm -f ${POLICY_FILE}`);
  }
}

/**
 * Installs what is missing, where apt may be used.
 * @param {(line: string) => void} say
 * @returns {readonly Tool[]} the tools that are still missing
 */
export function installTools(say) {
  let missing = TOOLS.filter((tool) => !tool.present());
  if (missing.length === 0) return missing;
  const prefix = aptPrefix();
  say(`missing: ${missing.map((tool) => tool.name).join(", ")}`);
  if (!prefix) {
    say("apt-get can't be used here (no Debian, or neither root nor sudo without a password).");
    return missing;
  }
  withoutDaemons(prefix, () => {
    const install = (/** @type {readonly Tool[]} */ tools) =>
      apt(prefix, ["-y", "--no-install-recommends", "install", ...tools.flatMap((tool) => tool.packages)]);
    if (install(missing)) return;
    apt(prefix, ["update"]);
    // One by one after that: a package that is nowhere must not keep the others away.
    if (!install(missing)) for (const tool of missing) install([tool]);
  });
  missing = missing.filter((tool) => !tool.present());
  return missing;
}
