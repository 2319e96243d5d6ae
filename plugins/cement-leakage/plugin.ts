// The plugin's door: its manifest, and what stands behind each declared id.
import type { Activate, CommandImplementation, Plugin } from "#contract";
import { jobs } from "./jobs.ts";
import { manifest } from "./manifest.ts";
import { whatIsMissing } from "./model/what-is-missing.ts";
import { leaksOf } from "./model/case-document.ts";
import { mountPanel } from "./panels/mount.tsx";
import { cohortPage } from "./panels/mount-pages.tsx";
import { rasterize } from "./panels/teaching/rasterize.ts";
import { teachingPage } from "./panels/teaching/teaching-page.tsx";
import { createDeciding } from "./reading/decide.ts";
import { drawCase } from "./reading/draw-case.ts";
import { brushTool, cutTool } from "./reading/draw-tools.ts";
import { createEditing } from "./reading/edit-parts.ts";
import { createExporting } from "./reading/export-case.ts";
import { createFinder, type Finder } from "./reading/find.ts";
import { importCase } from "./reading/import-case.ts";
import { createMeasuring } from "./reading/measure.ts";
import { createPlanes } from "./reading/planes.ts";
import { placePriorOf } from "./reading/prior-place.ts";
import { createProposing } from "./reading/propose.ts";
import { createReading } from "./reading/reading.ts";
import { rejectReason, type RejectReasonId } from "./reading/reject-reasons.ts";
import { createSecondReading } from "./reading/second-read.ts";
import { createSigning } from "./reading/sign.ts";
import { createStoring } from "./reading/store-case.ts";
import { createTeaching } from "./reading/teaching/teach.ts";
import { tourOf } from "./reading/tour.ts";
import { watchUnmarkedLook } from "./reading/unmarked-look.ts";

const activate: Activate<typeof manifest> = (host) => {
  const reading = createReading(host);
  const drawing = drawCase(reading, () => finder);
  const finder: Finder = createFinder(reading, drawing.redraw);
  const proposing = createProposing(reading);
  const deciding = createDeciding(reading);
  const signing = createSigning(reading);
  const measuring = createMeasuring(reading);
  const editing = createEditing(reading, drawing.preview);
  const planes = createPlanes(reading);
  const second = createSecondReading(reading);
  const exporting = createExporting(reading);
  const storing = createStoring(reading, exporting);
  const teaching = createTeaching(reading, exporting, rasterize);
  const stopWatching = watchUnmarkedLook(reading);
  const verb = (run: () => void | Promise<void>): CommandImplementation => ({
    run,
    disabledReason: reading.whyNot,
  });
  const reject = (id: RejectReasonId) => verb(() => deciding.reject(rejectReason(id)));
  const site = (key: number) => verb(() => deciding.markLeakByKey(key));

  return {
    commands: {
      "cement-leakage/find": verb(() => finder.find(null)),
      "cement-leakage/propose": verb(proposing.propose),
      "cement-leakage/accept": verb(() => {
        if (!editing.confirm()) deciding.accept();
      }),
      "cement-leakage/next": { run: () => deciding.step(1, true) },
      "cement-leakage/previous": { run: () => deciding.step(-1, true) },
      "cement-leakage/intraosseous": verb(deciding.markIntraosseous),
      "cement-leakage/not-cement": verb(() => deciding.markNotCement()),
      "cement-leakage/reject-cortex": reject("cortex"),
      "cement-leakage/reject-sclerosis": reject("sclerosis"),
      "cement-leakage/reject-artery": reject("artery"),
      "cement-leakage/reject-phlebolith": reject("phlebolith"),
      "cement-leakage/reject-bowel": reject("bowel"),
      "cement-leakage/reject-metal": reject("metal"),
      "cement-leakage/reject-artefact": reject("artefact"),
      "cement-leakage/reject-earlier": reject("earlier"),
      "cement-leakage/join": verb(deciding.mergeNearest),
      "cement-leakage/split": verb(deciding.split),
      "cement-leakage/leak": verb(() => deciding.markLeak(null)),
      "cement-leakage/remove": verb(deciding.remove),
      "cement-leakage/site-1": site(1),
      "cement-leakage/site-2": site(2),
      "cement-leakage/site-3": site(3),
      "cement-leakage/site-4": site(4),
      "cement-leakage/site-5": site(5),
      "cement-leakage/site-6": site(6),
      "cement-leakage/site-7": site(7),
      "cement-leakage/site-8": site(8),
      "cement-leakage/site-9": site(9),
      "cement-leakage/absent": verb(deciding.answerNextAbsent),
      "cement-leakage/brush-shape": verb(editing.toggleBrushShape),
      "cement-leakage/brush-range": verb(editing.toggleRange),
      "cement-leakage/brush-invert": verb(editing.invertRange),
      "cement-leakage/cut-depth": verb(editing.toggleCutDepth),
      "cement-leakage/keep-piece": verb(editing.keepPiece),
      "cement-leakage/remove-piece": verb(editing.removePiece),
      "cement-leakage/remove-small": verb(editing.removeSmall),
      "cement-leakage/split-pieces": verb(editing.splitPieces),
      "cement-leakage/move-piece": verb(() => editing.movePiece()),
      "cement-leakage/grow": verb(editing.grow),
      "cement-leakage/shrink": verb(editing.shrink),
      "cement-leakage/grow-dense": verb(editing.toggleGrowDense),
      "cement-leakage/smooth": verb(editing.smooth),
      "cement-leakage/fill-holes": verb(editing.fillHoles),
      "cement-leakage/fill-between": verb(editing.fillBetween),
      "cement-leakage/lock": verb(() => editing.toggleLock()),
      "cement-leakage/hide": verb(() => editing.toggleHidden()),
      "cement-leakage/copy-text": { run: exporting.copyText, disabledReason: exporting.whyNotCopy },
      "cement-leakage/copy-image": { run: exporting.copyImage, disabledReason: exporting.whyNotCopy },
      "cement-leakage/print-page": { run: exporting.printPage, disabledReason: exporting.whyNotCopy },
      "cement-leakage/teach": { run: teaching.begin, disabledReason: teaching.whyNot },
      "cement-leakage/sign": { run: signing.sign, disabledReason: signing.whyNotSign },
    },
    tools: {
      "cement-leakage/cut-line": cutTool(reading, "line"),
      "cement-leakage/cut-contour": cutTool(reading, "contour"),
      "cement-leakage/paint": brushTool(reading, "paint", drawing.preview),
      "cement-leakage/erase": brushTool(reading, "erase", drawing.preview),
      "cement-leakage/take": brushTool(reading, "take", drawing.preview),
      "cement-leakage/measure-distance": measuring.tools.distance,
      "cement-leakage/measure-angle": measuring.tools.angle,
      "cement-leakage/measure-ellipse": measuring.tools.ellipse,
    },
    panels: {
      "cement-leakage/panel": (element, failed) =>
        mountPanel(element, failed, {
          reading,
          finder,
          proposing,
          deciding,
          signing,
          measuring,
          editing,
          exporting,
          storing,
          teaching,
          second,
        }),
    },
    pages: { "cement-leakage/cohort": cohortPage(host), "cement-leakage/teaching": teachingPage(host) },
    exporters: exporting.exporters,
    importers: {
      "cement-leakage/import": {
        run: async (objects) =>
          // A signed case is not replaced: another reader's findings are laid beside it.
          reading.document.get().status === "final" ? second.addOther(objects) : importCase(reading, objects),
      },
    },
    pick: reading.pick,
    planesFor: planes.planesFor,
    placePrior: placePriorOf(reading),
    tour: tourOf(reading),
    summary() {
      const document = reading.document.get();
      const leaks = leaksOf(document).length;
      const open = whatIsMissing(document, host.scene.get().series).length;
      return reading.say({ en: `${leaks} leaks, ${open} open`, zh: `${leaks} 处渗漏，${open} 项未完成` });
    },
    dispose() {
      stopWatching();
      drawing.dispose();
      measuring.dispose();
      editing.dispose();
      planes.dispose();
      storing.dispose();
      reading.dispose();
    },
  };
};

export const plugin: Plugin<typeof manifest> = { manifest, activate, jobs };
