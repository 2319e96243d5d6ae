// A teaching case among the exports of a case.
import { Menu, Text as Words } from "@mantine/core";
import { useCase, useVerbs } from "../case-view.ts";
import { useTeachingText } from "./use-teaching-text.ts";

export function TeachingItem() {
  const { teaching } = useVerbs();
  const text = useTeachingText();
  useCase();
  const why = teaching.whyNot();
  return (
    <Menu.Item disabled={why !== null} onClick={() => void teaching.begin()} data-testid="make-teaching-case">
      <div>{text.item}</div>
      <Words size="xs" c={why ? "yellow" : "dimmed"}>
        {why ?? text.itemHint}
      </Words>
    </Menu.Item>
  );
}
