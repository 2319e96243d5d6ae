// Why the patient might be recognised all the same, and which objects were left out.
import { Alert, Text as Words } from "@mantine/core";
import { problemText } from "#core/problem-text";
import { useLocale, useReadable, useVerbs } from "../case-view.ts";

export function WarningsSection() {
  const { teaching, reading } = useVerbs();
  const { warnings, notes } = useReadable(teaching.state);
  const locale = useLocale();
  return (
    <>
      {warnings.map((warning) => (
        <Alert key={warning.en} color="yellow" p="xs">
          {reading.say(warning)}
        </Alert>
      ))}
      {notes.map((note, n) => (
        <Words key={n} size="xs" c="yellow">
          {problemText(note, locale)}
        </Words>
      ))}
    </>
  );
}
