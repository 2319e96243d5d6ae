// The published JSON Schema is the zod schema's, and stays in step with it (`npx vitest -u` writes it anew).
import { expect, it } from "vitest";
import { findingsJsonSchema, SCHEMA_VERSION } from "../../../plugins/cement-leakage/model/findings.ts";

it("publishes the schema that the findings are validated by", async () => {
  const schema = JSON.stringify(findingsJsonSchema(), null, 2);
  expect(schema).toContain(SCHEMA_VERSION);
  await expect(`${schema}\n`).toMatchFileSnapshot(
    "../../../plugins/cement-leakage/model/findings.schema.json",
  );
});
