// The whole job on the real host without pixels: find, cut, tag, answer, sign, export, and back again.
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { PointerSample } from "#contract";
import type { Vec3 } from "#core/space";
import { voxelCount } from "#voxels/mask";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import { caseDocumentSchema, maskIdOfPart } from "../../../plugins/cement-leakage/model/case-document.ts";
import { findingsSchema } from "../../../plugins/cement-leakage/model/findings.ts";
import { checklistFor } from "../../../plugins/cement-leakage/model/sites.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { headless, type Headless } from "./headless.ts";
import { smallSeries, smallVolume } from "./small-case.ts";

const ID = plugin.manifest.id;

async function openSmallCase(): Promise<Headless> {
  const host = headless([plugin], jobs);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  return host;
}

const documentOf = ({ app }: Headless) => caseDocumentSchema.parse(app.state.get().documents[ID]);
const command = ({ app }: Headless, id: string) => app.plugins[0].implementation.commands[`${ID}/${id}`];
const maskOf = ({ app }: Headless, partId: string) =>
  app.state.get().masks.get(`${ID}:${maskIdOfPart(partId)}`);
const sample = (at: Vec3): PointerSample => ({ at, normal: [0, 0, 1], halfThicknessMm: 0.5 });

/** Find at 1000 HU (the parts of this tiny case are made, not scanned), then cut the neck. */
async function findAndCut(host: Headless): Promise<void> {
  await command(host, "find").run();
  const cut = host.app.plugins[0].implementation.tools[`${ID}/cut-line`];
  const main = documentOf(host).parts.reduce((a, b) =>
    voxelCount(maskOf(host, a.partId)!) >= voxelCount(maskOf(host, b.partId)!) ? a : b,
  );
  host.app.plugins[0].implementation.pick?.([-12, 0, 12]);
  expect(main).toBeDefined();
  cut.begin(sample([-2, -8, 12]));
  cut.move([sample([-2, 6, 12])]);
  cut.finish();
}

describe("reading a case", () => {
  it("finds the cement in one step that one undo takes back", async () => {
    const host = await openSmallCase();
    await command(host, "find").run();
    expect(documentOf(host).parts.length).toBeGreaterThanOrEqual(2);
    expect(host.app.state.get().history.done).toHaveLength(1);
    host.app.undo();
    expect(host.app.state.get().masks.size).toBe(0);
    host.app.redo();
    expect(documentOf(host).parts.length).toBeGreaterThanOrEqual(2);
  });

  it("cuts the neck: the piece beyond it becomes its own part and no voxel is lost", async () => {
    const host = await openSmallCase();
    await command(host, "find").run();
    const before = [...host.app.state.get().masks.values()].reduce((sum, mask) => sum + voxelCount(mask), 0);
    const parts = documentOf(host).parts.length;
    host.app.undo();
    await findAndCut(host);
    const after = [...host.app.state.get().masks.values()].reduce((sum, mask) => sum + voxelCount(mask), 0);
    expect(documentOf(host).parts).toHaveLength(parts + 1);
    expect(after).toBe(before);
    const piece = documentOf(host).parts.at(-1);
    expect(piece?.origin).toBe("cut");
    expect(voxelCount(maskOf(host, piece?.partId ?? "")!)).toBeGreaterThanOrEqual(8 * 8 * 6);
  });

  it("is not signed while a site is open, and is read-only once signed", async () => {
    const host = await openSmallCase();
    await findAndCut(host);
    await command(host, "site-4").run();
    expect(command(host, "sign").disabledReason?.()).toMatch(/missing/);
    await finishChecklist(host);
    expect(command(host, "sign").disabledReason?.()).toBeNull();
    await command(host, "sign").run();
    expect(documentOf(host).status).toBe("final");
    expect(command(host, "site-1").disabledReason?.()).toMatch(/signed/);
    host.app.undo();
    expect(documentOf(host).status).toBe("final");
  });

  it("exports the same bytes twice, and reads them back to the same findings and voxels", async () => {
    const [a, b] = [await openSmallCase(), await openSmallCase()];
    const zips: Uint8Array[] = [];
    for (const host of [a, b]) {
      await findAndCut(host);
      await command(host, "site-4").run();
      await finishChecklist(host);
      const [zip] = await host.app.plugins[0].implementation.exporters[`${ID}/export-all`].run();
      zips.push(zip.bytes);
    }
    expect(Buffer.from(zips[0]).equals(Buffer.from(zips[1]))).toBe(true);

    const files = unzipSync(zips[0]);
    const named = (end: string, kind: string) =>
      Object.entries(files).find(([name]) => name.includes(kind) && name.endsWith(end))?.[1] ??
      new Uint8Array();
    const seg = Object.entries(files).find(([name]) => name.includes("seg"))?.[1] ?? new Uint8Array();
    const findings = findingsSchema.parse(JSON.parse(strFromU8(named(".json", "cement-findings"))));
    expect(findings.leaks).toHaveLength(1);
    expect(findings.siteAssessments.length).toBe(checklistFor("sacrum").length);

    const again = await openSmallCase();
    const result = await again.app.plugins[0].implementation.importers[`${ID}/import`].run([
      { path: "case/seg.dcm", kind: "SEG", bytes: seg },
      { path: "case/findings.json", kind: "JSON", bytes: named(".json", "cement-findings") },
      { path: "case/fhir.json", kind: "JSON", bytes: named(".json", "fhir") },
    ]);
    expect(result.ok).toBe(true);
    const leak = documentOf(again).parts.find((part) => part.role === "leak");
    const original = documentOf(a).parts.find((part) => part.role === "leak");
    expect(leak?.leak).toEqual(original?.leak);
    expect(maskOf(again, leak!.partId)).toEqual(maskOf(a, original!.partId));
    const [zip] = await again.app.plugins[0].implementation.exporters[`${ID}/export-all`].run();
    const second = findingsSchema.parse(
      JSON.parse(
        strFromU8(
          Object.entries(unzipSync(zip.bytes)).find(([name]) => /cement-findings.*[.]json$/.test(name))![1],
        ),
      ),
    );
    expect(second.leaks.map(({ segmentRef: _ref, componentId: _id, ...leakFields }) => leakFields)).toEqual(
      findings.leaks.map(({ segmentRef: _ref, componentId: _id, ...leakFields }) => leakFields),
    );
    expect(second.siteAssessments).toEqual(findings.siteAssessments);
  });

  it("refuses findings of a newer schema and of another series, and changes nothing", async () => {
    const host = await openSmallCase();
    const importer = host.app.plugins[0].implementation.importers[`${ID}/import`];
    const asJson = (value: object) => [
      { path: "f.json", kind: "JSON" as const, bytes: new TextEncoder().encode(JSON.stringify(value)) },
    ];
    const newer = await importer.run(asJson({ schemaVersion: "9.0.0" }));
    expect(newer.ok ? "" : newer.problem.code).toBe("findings/newer-schema");
    const notOurs = await importer.run(asJson({ hello: 1 }));
    expect(notOurs.ok ? "" : notOurs.problem.code).toBe("findings/foreign");
    expect(host.app.state.get().history.done).toHaveLength(0);
  });

  it("shows the CT with every plugin taken out", async () => {
    const host = headless([]);
    const volume = smallVolume();
    await host.open(volume, smallSeries(volume.grid));
    expect(host.app.state.get().screen).toBe("case");
    expect(host.app.state.get().scene.volume).toBe(volume);
    expect(host.app.plugins).toHaveLength(0);
  });

  it("keeps the viewer up when a plugin throws", async () => {
    const bad = {
      ...plugin,
      activate: () => {
        throw new Error("broken plugin");
      },
    };
    const host = headless([bad]);
    expect(host.app.plugins).toHaveLength(0);
    expect(
      host.app.state
        .get()
        .notices.map((notice) => notice.text)
        .join(),
    ).toMatch(/cement-leakage/);
  });
});

async function finishChecklist(host: Headless): Promise<void> {
  for (const part of documentOf(host).parts.filter((entry) => entry.role === "undecided")) {
    await command(host, "next").run();
    expect(part).toBeDefined();
    await command(host, "not-cement").run();
  }
  if (!documentOf(host).parts.some((part) => part.role === "intraosseous")) {
    host.app.plugins[0].implementation.pick?.([-12, 0, 12]);
    await command(host, "intraosseous").run();
  }
  const document = documentOf(host);
  const answered = new Set(document.parts.flatMap((part) => (part.leak?.site ? [part.leak.site] : [])));
  const assessments = checklistFor("sacrum")
    .filter((site) => !answered.has(site.id))
    .map((site) => ({ lesionId: "L1", site: site.id, answer: "absent" as const }));
  // Through the same door as the panel's buttons: one edit of the plugin's document.
  host.edit(ID, { ...document, assessments });
}
