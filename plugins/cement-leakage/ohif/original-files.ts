// The CT's own files, from wherever OHIF has them: everything is decided on the acquired bytes, never on what was made of them for the screen.
import { ProblemError } from "#core/problem";
import type { FileWithPath } from "#host/contract";
import type { CornerstoneModule, DisplaySet, OhifInstance } from "./ohif-types.ts";
import { noFile } from "./words.ts";

/** Asked for at a time. */
const TOGETHER = 6;

export const imagesOf = (displaySet: DisplaySet): readonly OhifInstance[] =>
  displaySet.instances ?? displaySet.images ?? [];

const placeOf = ({ imageId, url }: OhifInstance): string => imageId ?? url ?? "";

/** From the disk, or by an address of its own (OHIF's JSON data source), and not an archive's. */
export const isOfFiles = (displaySet: DisplaySet): boolean =>
  imagesOf(displaySet).every((image) => /^(dicomfile|dicomweb|wadouri):/.test(placeOf(image)));

/** Rejects with a problem that names the image which can't be had, and with the signal's reason. */
export async function originalFiles(
  displaySet: DisplaySet,
  loader: CornerstoneModule["dicomLoaderService"],
  headers: Readonly<Record<string, string>> | undefined,
  signal: AbortSignal,
): Promise<FileWithPath[]> {
  const images = imagesOf(displaySet);
  const files: FileWithPath[] = Array.from({ length: images.length });
  let next = 0;
  const takeOn = async (): Promise<void> => {
    for (let at = next++; at < images.length; at = next++) {
      signal.throwIfAborted();
      files[at] = await fileOf(images[at], loader, headers);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, takeOn));
  return files;
}

async function fileOf(
  image: OhifInstance,
  loader: CornerstoneModule["dicomLoaderService"],
  headers: Readonly<Record<string, string>> | undefined,
): Promise<FileWithPath> {
  // As messages name it: OHIF doesn't tell the name on the disk.
  const path = `image-${image.InstanceNumber ?? image.SOPInstanceUID}.dcm`;
  try {
    const place = placeOf(image);
    const bytes = await loader.findDicomDataPromise(
      { instance: { ...image, imageId: place, url: place } },
      [],
      headers,
    );
    return { path, file: new File([bytes], path) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ProblemError(noFile(path, why));
  }
}
