// Asked where the images may show a head and nothing tells for certain: the author looks, and says so.
import { Checkbox } from "@mantine/core";
import { useReadable, useVerbs } from "../case-view.ts";
import { usePrivacyText } from "./use-privacy-text.ts";

export function HeadQuestion() {
  const { teaching } = useVerbs();
  const text = usePrivacyText();
  const { problem } = useReadable(teaching.state);
  const { noHead } = useReadable(teaching.privacy.state);
  if (problem?.code !== "deidentify/may-show-head" && !noHead) return null;
  return (
    <Checkbox
      label={text.noHead}
      checked={noHead}
      onChange={({ currentTarget }) => teaching.privacy.sayNoHead(currentTarget.checked)}
      data-testid="teaching-no-head"
    />
  );
}
