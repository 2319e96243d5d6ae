// How far an opening has come, in files and megabytes.
import { Text } from "@mantine/core";
import type { Opening } from "#host/app-state";
import { useText } from "./use-app.ts";

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

export function OpeningFigures({ progress: { files, bytes } }: { readonly progress: Opening["progress"] }) {
  const text = useText();
  return (
    <Text size="sm" c="dimmed">
      {files ? text.progressFiles(files.done, files.total) : ""}
      {bytes ? ` · ${text.progressMegabytes(megabytes(bytes.done), megabytes(bytes.total))}` : ""}
    </Text>
  );
}
