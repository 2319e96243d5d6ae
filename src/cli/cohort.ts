// npm run cohort -- FOLDER --out DIR [--procedures CSV] [--outcomes CSV]: leakage rates over signed findings, as tables, Parquet and a report.
import { cohortCommand } from "./cohort-command.ts";

process.exitCode = await cohortCommand(process.argv.slice(2), {
  result: (line) => void process.stdout.write(`${line}\n`),
  progress: (line) => void process.stderr.write(`${line}\n`),
});
