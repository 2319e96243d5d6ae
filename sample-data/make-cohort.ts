// Writes the synthetic cohort for the page's button and for npm run cohort: findings.zip, procedures.csv, outcomes.csv.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { strToU8, zipSync, type Zippable } from "fflate";
import { sampleCohort } from "./cohort.ts";

const { values } = parseArgs({ options: { out: { type: "string" } } });
if (!values.out) throw new Error("usage: make-cohort --out DIR");
const { findings, outcomesCsv, proceduresCsv } = sampleCohort();
// The same bytes on every day and in every time zone.
const mtime = new Date(1980, 0, 1, 12, 0, 0);
const entries: Zippable = {};
for (const one of findings)
  entries[`${one.subject?.pseudonym ?? one.documentId}.json`] = [
    strToU8(`${JSON.stringify(one, null, 1)}\n`),
    { mtime },
  ];
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, "findings.zip"), zipSync(entries, { level: 6, os: 3 }));
await writeFile(join(values.out, "procedures.csv"), proceduresCsv);
await writeFile(join(values.out, "outcomes.csv"), outcomesCsv);
