// npm run propose -- CT_FOLDER --out DIR [--procedure FILE.json] [--prior FOLDER] [--envelope FILE] [--now ISO]: the engine's draft without a browser.
import { proposeCommand } from "./propose-command.ts";

process.exitCode = await proposeCommand(process.argv.slice(2), {
  result: (line) => void process.stdout.write(`${line}\n`),
  progress: (line) => void process.stderr.write(`${line}\n`),
});
