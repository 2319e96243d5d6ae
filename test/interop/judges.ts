// Independent judges of DICOM files, each as a function that returns complaints; an empty list is a pass that was really run.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TOOLS } from "../tools.mjs";

const PIXELMED_JAR = "/usr/share/java/pixelmed.jar";
/** Java 17 and later stop PixelMed's style sheet without these (JAXP0801003), and its main() still ends with code 0. */
const PIXELMED_JVM = [
  "-Djdk.xml.xpathExprGrpLimit=0",
  "-Djdk.xml.xpathExprOpLimit=0",
  "-Djdk.xml.xpathTotalOpLimit=0",
  "-Xmx2g",
  "-Xss64m",
];
/** PixelMed of 2022 asks every SEG for Laterality, which an unpaired body part must not have (dciodvfy refuses it empty). */
const PIXELMED_FALSE_POSITIVE = /GeneralSeriesModule\/Laterality\/: : Missing conditional/;
/** The Python that Debian's pydicom belongs to. */
const PYTHON = "/usr/bin/python3";

/** Whether a tool of test/tools.mjs is on this machine: `describe.skipIf(!hasTool("dicom3tools"))`. With CI=true a missing one fails the set-up. */
export function hasTool(
  name:
    "dicom3tools" | "dcmtk" | "PixelMed" | "Orthanc with DICOMweb" | "pydicom and numpy" | "nibabel" | "R",
): boolean {
  return TOOLS.find((tool) => tool.name === name)?.present() ?? false;
}

interface Ran {
  readonly code: number;
  /** Both outputs; dicom3tools speak on the error output. */
  readonly text: string;
}

function run(command: string, args: readonly string[], input = "", timeout = 170_000): Promise<Ran> {
  return new Promise((accept) => {
    const child = execFile(command, args, { maxBuffer: 256 << 20, timeout }, (error, out, err) => {
      const code = typeof error?.code === "number" ? error.code : error ? -1 : 0;
      accept({ code, text: `${out}\n${err}` });
    });
    // A judge that ends without reading its input closes the pipe: what it said is told above.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

const linesOf = (text: string, wanted: RegExp): string[] =>
  text.split("\n").filter((line) => wanted.test(line));

/** dciodvfy: its lines that start with Error (its exit code says nothing), or that it could not judge. */
export async function dciodvfyErrors(file: string): Promise<string[]> {
  const { code, text } = await run("dciodvfy", ["-new", file]);
  const errors = linesOf(text, /^Error/);
  // A judged file names its IOD on a line of its own ("CTImage", "Segmentation", "Comprehensive3DSR").
  if (!/^[A-Z][A-Za-z0-9]+$/m.test(text))
    errors.push(`dciodvfy did not recognise ${file} (code ${code}): ${text.trim()}`);
  return errors;
}

/** dcentvfy over files of one study: attributes of patient, study, series and frame of reference that disagree. */
export async function dcentvfyComplaints(files: readonly string[]): Promise<string[]> {
  const { code, text } = await run("dcentvfy", files);
  const complaints = linesOf(text, /\S/).filter(
    (line) => !/Element=<AccessionNumber> IE <(?:Series> versus <Study|Study> versus <Series)>/.test(line),
  );
  return code < 0 ? [...complaints, "dcentvfy did not run"] : complaints;
}

async function pixelmed(program: string, file: string, options: readonly string[]): Promise<Ran> {
  return run("java", [
    ...PIXELMED_JVM,
    "-cp",
    PIXELMED_JAR,
    `com.pixelmed.validate.${program}`,
    ...options,
    file,
  ]);
}

/** PixelMed on a structured report: its errors, that it did not finish, or that it did not recognise TID 1500. 4–9 s a file. */
export async function pixelmedReportErrors(file: string): Promise<string[]> {
  const { text } = await pixelmed("DicomSRValidator", file, ["-checktemplateid"]);
  const errors = linesOf(text, /^Error/);
  if (!text.includes("validation complete"))
    errors.push(`PixelMed did not finish: ${text.trim().slice(0, 400)}`);
  if (!text.includes("Found Root Template TID_1500")) errors.push("PixelMed found no root template TID 1500");
  return errors;
}

/** PixelMed on a segmentation: its errors without the known false positive, or that it did not finish. */
export async function pixelmedSegmentationErrors(file: string): Promise<string[]> {
  const { text } = await pixelmed("DicomInstanceValidator", file, []);
  const errors = linesOf(text, /^Error/).filter((line) => !PIXELMED_FALSE_POSITIVE.test(line));
  if (!text.includes("validation complete"))
    errors.push(`PixelMed did not finish: ${text.trim().slice(0, 400)}`);
  if (text.includes("SOP Class) unrecognized")) errors.push("PixelMed did not recognise the SOP class");
  return errors;
}

/** One start of Java for many files: the style sheet of PixelMed takes longer to load than a report takes to judge. */
const BATCH = `
import com.pixelmed.dicom.AttributeList;
import com.pixelmed.validate.*;
public class Batch {
  public static void main(String[] args) throws Exception {
    DicomSRValidator reports = new DicomSRValidator();
    DicomInstanceValidator instances = new DicomInstanceValidator();
    for (int n = 0; n < args.length; n += 2) {
      System.out.println("=== " + args[n + 1]);
      try {
        AttributeList list = new AttributeList();
        list.read(args[n + 1]);
        System.out.println(args[n].equals("sr")
          ? reports.validate(list, false, false, false, false, true)
          : instances.validate(list));
        System.out.println("=== end");
      } catch (Throwable thrown) { System.out.println("Error: " + thrown); }
    }
  }
}
`;

/**
 * PixelMed on many files with one start of Java: complaints by file, as `pixelmedReportErrors` and `pixelmedSegmentationErrors` have
 * them. Needs a compiler beside Java; without one each file starts Java anew.
 */
export async function pixelmedErrorsOfAll(
  files: readonly { readonly kind: "sr" | "iod"; readonly path: string }[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { text: modules } = await run("java", ["--list-modules"]);
  const complaints = new Map<string, readonly string[]>();
  if (!modules.includes("jdk.compiler")) {
    for (const { kind, path } of files)
      complaints.set(
        path,
        await (kind === "sr" ? pixelmedReportErrors(path) : pixelmedSegmentationErrors(path)),
      );
    return complaints;
  }
  const folder = mkdtempSync(join(tmpdir(), "pixelmed-"));
  try {
    const source = join(folder, "Batch.java");
    writeFileSync(source, BATCH);
    const args = files.flatMap(({ kind, path }) => [kind, path]);
    const { text } = await run("java", [...PIXELMED_JVM, "-cp", PIXELMED_JAR, source, ...args], "", 800_000);
    for (const { kind, path } of files) {
      const start = text.indexOf(`=== ${path}\n`);
      const end = text.indexOf("=== end", start);
      const said = start < 0 ? "" : text.slice(start, end < 0 ? undefined : end);
      const errors = linesOf(said, /^Error/).filter((line) => !PIXELMED_FALSE_POSITIVE.test(line));
      if (start < 0 || end < 0) errors.push(`PixelMed did not finish: ${said.slice(0, 400)}`);
      const recognised = kind === "sr" ? "Found Root Template TID_1500" : "Found Segmentation IOD";
      if (!said.includes(recognised)) errors.push(`PixelMed did not say "${recognised}"`);
      complaints.set(path, errors);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return complaints;
}

/** dsrdump of dcmtk: the report as indented text. Throws when it can't read the file. */
export async function dsrdump(file: string): Promise<string> {
  const { code, text } = await run("dsrdump", ["-q", "+Pc", file]);
  if (code !== 0) throw new Error(`dsrdump ended with ${code}: ${text.trim()}`);
  return text;
}

/** Runs a Python file beside the tests and parses what it prints as JSON. */
export const pythonFileJson = (file: string, args: readonly string[] = []): Promise<unknown> =>
  pythonJson(`import sys, runpy\nsys.argv = sys.argv[1:]\nrunpy.run_path(sys.argv[0], run_name="__main__")`, [
    file,
    ...args,
  ]);

/**
 * Runs a Python script (pydicom, numpy) and parses what it prints as JSON. Throws with Python's message.
 * @param script prints one JSON value; `sys.argv[1:]` are the arguments
 */
export async function pythonJson(script: string, args: readonly string[] = []): Promise<unknown> {
  const { code, text } = await run(existsSync(PYTHON) ? PYTHON : "python3", ["-", ...args], script);
  if (code !== 0) throw new Error(`python ended with ${code}: ${text.trim()}`);
  return JSON.parse(text);
}
