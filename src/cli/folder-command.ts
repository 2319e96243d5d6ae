// The frame of a command that makes files of a folder: its arguments, and what a person gave that it can't work with, in one line.
import { Unusable } from "./unusable.ts";

/** Where lines go: what was found, and what is being done or can't be. */
export interface Lines {
  readonly result: (line: string) => void;
  readonly progress: (line: string) => void;
}

/** 0 done, 2 unusable input. Anything else is a fault of the program and is thrown. */
export async function exitCodeOf(run: () => Promise<void>, lines: Lines): Promise<number> {
  try {
    await run();
    return 0;
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    lines.progress(error.message.replaceAll(/\s*\n\s*/g, " "));
    return 2;
  }
}

/** What `parse` (node's parseArgs) gives of `FOLDER --out DIR` and the command's own options. Throws Unusable with the usage where they are not these. */
export function folderArguments<V extends { readonly out?: string }>(
  parse: () => { readonly values: V; readonly positionals: readonly string[] },
  usage: string,
): V & { readonly folder: string; readonly out: string } {
  try {
    const { values, positionals } = parse();
    const [folder, ...more] = positionals;
    if (!folder || !values.out || more.length > 0) throw new Unusable(usage);
    return { ...values, folder, out: values.out };
  } catch (error) {
    if (error instanceof Unusable) throw error;
    throw new Unusable(
      `${error instanceof Error ? error.message.split(".")[0] : "unknown option"}; ${usage}`,
    );
  }
}
