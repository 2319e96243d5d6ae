// The key images of a teaching case.
import { Checkbox, Group, Stack, Text as Words } from "@mantine/core";
import { useReadable, useVerbs } from "../case-view.ts";
import { useTeachingText } from "./use-teaching-text.ts";

export function PicturesSection() {
  const { teaching } = useVerbs();
  const text = useTeachingText();
  const { choices, pictures } = useReadable(teaching.state);
  if (!choices || pictures.length === 0) return null;
  const choose = (leakId: string, form: "plain" | "marked", chosen: boolean) => {
    const before = choices.pictures.get(leakId) ?? { plain: false, marked: false };
    teaching.change({ pictures: new Map([...choices.pictures, [leakId, { ...before, [form]: chosen }]]) });
  };
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <Words component="legend" size="sm" fw={500}>
        {text.pictures}
      </Words>
      <Group gap="xs">
        {pictures.flatMap((picture) =>
          (["plain", "marked"] as const).map((form) => (
            <Stack key={`${picture.leakId}-${form}`} gap={2}>
              <img
                src={`data:image/png;base64,${picture[form]}`}
                alt={`${picture.leakId} ${text[form]}`}
                width={92}
                height={108}
              />
              <Checkbox
                size="xs"
                label={`${picture.leakId} ${text[form]}`}
                checked={choices.pictures.get(picture.leakId)?.[form] ?? false}
                onChange={({ currentTarget }) => choose(picture.leakId, form, currentTarget.checked)}
              />
            </Stack>
          )),
        )}
      </Group>
    </fieldset>
  );
}
