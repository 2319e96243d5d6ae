// The sample case that `npm start` makes beside the app: fetched from the same place as the page, never from elsewhere.
import { ProblemError, problem } from "#core/problem";
import type { App } from "#host/app";
import type { FileWithPath } from "#host/worker-protocol";

/** Opens it; why it can't be had is said on the screen. */
export async function openSample(app: App): Promise<void> {
  try {
    await app.openFiles(await sampleFiles(), { kind: "sample" });
  } catch (error) {
    app.store.reportThrown(error, "sample");
  }
}

async function sampleFiles(): Promise<FileWithPath[]> {
  const answer = await fetch("./sample-case/manifest.json").catch(() => null);
  if (!answer?.ok) throw new ProblemError(problem("sample/not-made"));
  const names = listOf(await answer.json());
  const files: FileWithPath[] = [];
  const waiting = [...names];
  const take = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const file = await fetch(`./sample-case/${name}`);
      if (!file.ok) throw new ProblemError(problem("sample/not-made"));
      files.push({ path: `sample-case/${name}`, file: new File([await file.blob()], name) });
    }
  };
  await Promise.all(Array.from({ length: 6 }, take));
  return files;
}

/** `{ files: [{ path }] }`, paths relative to the manifest. */
function listOf(manifest: unknown): string[] {
  const files =
    typeof manifest === "object" && manifest !== null && "files" in manifest ? manifest.files : null;
  if (!Array.isArray(files)) throw new ProblemError(problem("sample/not-made"));
  return files.flatMap((entry: unknown) =>
    typeof entry === "object" && entry !== null && "path" in entry && typeof entry.path === "string"
      ? [entry.path]
      : [],
  );
}
