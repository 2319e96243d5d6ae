// npm run evaluate [-- --seed N] [--cases N] [--only STRATUM] [--pictures DIR]: how good the engine is, stratum by stratum.
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { PhantomOptions } from "#sample-data/phantom-options";
import type { CaseOutcome, EvaluationTask } from "./evaluation-cases.ts";
import { evaluateCase } from "./evaluation-cases.ts";
import { confusionMatrix, TABLE_HEADER, tableRow } from "./evaluation-table.ts";

const USAGE = `usage: npm run evaluate [-- --seed N] [--cases N] [--only TEXT] [--pictures DIR]
  --seed N        another set of cases (default 1); for a table to be kept, drawn from the last commit of the engine
  --cases N       cases of each stratum (default 6; of implants at their native slices twice as many)
  --only TEXT     only strata whose name holds this, such as "metal" or "implant pelvis"
  --pictures DIR  where pictures of the failures go (default dist/evaluation)
Ctrl-C ends with the table of what was done.
`;

const WORKERS = 2;
const SMALL: Partial<PhantomOptions> = { columns: 288, fovMm: 230.4, fovCentreYMm: 35 };

const PHANTOM_STRATA: readonly (readonly [string, Partial<PhantomOptions>])[] = [
  ["lytic", { case: "lytic" }],
  ["blastic", { case: "blastic" }],
  ["fracture", { case: "fracture" }],
  ["osteoporotic", { case: "osteoporotic" }],
  ["metal", { case: "metal" }],
  ["previous cement", { case: "previous-cement" }],
  ["prone", { position: "HFP" }],
  ["cut-off", { case: "cut-off" }],
  ["0.6 mm", { sliceMm: 0.6 }],
  ["1 mm", { sliceMm: 1 }],
  ["3 mm", { sliceMm: 3 }],
  ["5 mm", { sliceMm: 5 }],
  ["no leak", { case: "no-leak" }],
  ["vertebral", { case: "vertebral" }],
];

/** Strata whose mimics an earlier CT decides: the cases of the stratum of the same options, again with one. */
const WITH_PRIOR = ["previous cement", "blastic"];

const phantomOptions = (seed: number, options: Partial<PhantomOptions>, stratum: number, round: number) => ({
  ...SMALL,
  sliceMm: 1.25,
  ...options,
  seed: 1 + ((seed * 1009 + stratum * 101 + round * 7) % 1_000_000),
});

const REAL_SCANS = [
  ["pelvis", "ct-pelvis-nifti"],
  ["sacrum", "ct-sacrum"],
] as const;
/** The public scans have slices of 3 and 4 mm; resampled they show real anatomy at the step of a planning CT. */
const RESAMPLED = "resampled to 1 mm";

function tasks(seed: number, cases: number, shared: string): EvaluationTask[] {
  const list: EvaluationTask[] = [];
  const present = (folder: string) => existsSync(join(shared, "data", folder));
  // round by round through the strata, so that an interrupted run has something of each
  for (let n = 0; n < cases; n++) {
    PHANTOM_STRATA.forEach(([stratum, options], s) =>
      list.push({
        stratum,
        kind: "phantom",
        options: phantomOptions(seed, options, s, n),
      }),
    );
    PHANTOM_STRATA.forEach(([stratum, options], s) => {
      if (WITH_PRIOR.includes(stratum))
        list.push({
          stratum: `${stratum}, with prior`,
          kind: "phantom",
          prior: true,
          options: phantomOptions(seed, options, s, n),
        });
    });
    for (const [anatomy, folder] of REAL_SCANS)
      for (let m = 0; m < 2 && present(folder); m++)
        list.push({
          stratum: `implant ${anatomy}`,
          kind: "implant",
          anatomy,
          seed: 1000 + ((seed * 1009 + 2 * n + m) % 1_000_000),
          shared,
        });
    for (const [anatomy, folder] of REAL_SCANS)
      if (present(folder))
        list.push({
          stratum: `implant ${anatomy}, ${RESAMPLED}`,
          kind: "implant",
          anatomy,
          resampledMm: 1,
          seed: 500_000 + ((seed * 1009 + n) % 400_000),
          shared,
        });
  }
  return list;
}

async function runAll(list: readonly EvaluationTask[], pictures: string): Promise<CaseOutcome[]> {
  const waiting = [...list];
  const outcomes: CaseOutcome[] = [];
  // interrupted, it finishes the cases at hand and prints the table of what was done
  process.once("SIGINT", () => waiting.splice(0));
  const worker = () =>
    new Promise<void>((resolve, reject) => {
      const child = fork(fileURLToPath(import.meta.url), ["--worker", pictures], {
        execArgv: ["--import", "tsx"],
        serialization: "advanced",
      });
      const next = () => {
        const task = waiting.shift();
        if (task) child.send(task);
        else child.disconnect();
      };
      child.on("message", (message: { outcome?: CaseOutcome; failed?: string }) => {
        if (message.outcome) outcomes.push(message.outcome);
        else process.stderr.write(`${message.failed}\n`);
        process.stderr.write(`${outcomes.length}/${list.length}\r`);
        next();
      });
      child.on("error", reject);
      child.on("exit", () => resolve());
      next();
    });
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return outcomes;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      cases: { type: "string", default: "6" },
      only: { type: "string" },
      pictures: { type: "string", default: "dist/evaluation" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const started = performance.now();
  const shared = join(dirname(fileURLToPath(import.meta.url)), "../../../shared");
  const list = tasks(Number(values.seed), Number(values.cases), shared).filter(
    (task) => !values.only || task.stratum.includes(values.only),
  );
  const outcomes = await runAll(list, values.pictures);
  const lines = [TABLE_HEADER];
  for (const stratum of new Set(list.map((task) => task.stratum)))
    lines.push(
      tableRow(
        stratum,
        outcomes.filter((one) => one.stratum === stratum),
      ),
    );
  // the same cases again with a prior are no further cases
  const alone = outcomes.filter((one) => !one.stratum.endsWith("with prior"));
  const phantoms = alone.filter((one) => !one.stratum.startsWith("implant"));
  const resampled = outcomes.filter((one) => one.stratum.endsWith(RESAMPLED));
  const implants = alone.filter((one) => one.stratum.startsWith("implant") && !resampled.includes(one));
  if (phantoms.length > 0) lines.push(tableRow("all phantoms", phantoms));
  if (implants.length > 0) lines.push(tableRow("all implants", implants));
  if (resampled.length > 0) lines.push(tableRow(`all implants, ${RESAMPLED}`, resampled));
  const thin = phantoms.filter((one) => one.thinSlices);
  if (thin.length > 0) lines.push(tableRow("phantoms, slices <= 1.25 mm", thin));
  process.stdout.write(
    `seed ${values.seed}, ${outcomes.length} of ${list.length} cases\n\n${lines.join("\n")}\n`,
  );
  if (phantoms.length > 0) process.stdout.write(`\nphantoms\n\n${confusionMatrix(phantoms)}\n`);
  if (implants.length > 0) process.stdout.write(`\nimplants\n\n${confusionMatrix(implants)}\n`);
  const failures = outcomes.filter(
    (one) => one.falseCandidates.length > 0 || one.leaks.some((leak) => !leak.found && leak.volumeMm3 >= 20),
  );
  process.stdout.write("\nfailures\n");
  for (const one of failures.sort((a, b) => a.label.localeCompare(b.label))) {
    const missed = one.leaks.filter((leak) => !leak.found && leak.volumeMm3 >= 20);
    process.stdout.write(
      `${one.label}: ${[...missed.map((leak) => `missed ${leak.site} ${Math.round(leak.volumeMm3)} mm3`), ...one.falseCandidates.map((reason) => `false: ${reason}`)].join("; ")}${one.picture ? ` (${one.picture})` : ""}\n`,
    );
  }
  process.stdout.write(`\n${((performance.now() - started) / 60000).toFixed(1)} minutes\n`);
}

if (process.argv.includes("--worker")) {
  const pictures = process.argv[process.argv.indexOf("--worker") + 1];
  // Ctrl-C reaches the workers too: they finish the case at hand, the parent gives them no other
  process.on("SIGINT", () => undefined);
  process.on("message", (task: EvaluationTask) => {
    evaluateCase(task, pictures).then(
      (outcome) => process.send?.({ outcome }),
      (reason: unknown) =>
        process.send?.({
          failed: `${task.stratum}: ${reason instanceof Error ? reason.message : String(reason)}`,
        }),
    );
  });
} else await main();
