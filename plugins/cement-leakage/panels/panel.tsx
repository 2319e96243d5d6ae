// The panel: the answer first, then cement, parts, lesion with its checklist, and the report.
import { AnswerLine } from "./answer-line.tsx";
import { CementSection } from "./cement-section.tsx";
import { EditSection } from "./edit-section.tsx";
import { ForeignReports } from "./foreign-reports.tsx";
import { LesionSection } from "./lesion-section.tsx";
import { ProcedureSection } from "./procedure-section.tsx";
import { MeasureSection } from "./measure-section.tsx";
import styles from "./panel.module.css";
import { PartsSection } from "./parts-section.tsx";
import { ReportSection } from "./report-section.tsx";
import { SecondReadSection } from "./second-read-section.tsx";

export function Panel() {
  return (
    <div className={styles.panel} data-testid="cement-panel">
      <AnswerLine />
      <div className={styles.scroll}>
        <CementSection />
        <PartsSection />
        <EditSection />
        <LesionSection />
        <ProcedureSection />
        <MeasureSection />
        <SecondReadSection />
        <ForeignReports />
      </div>
      <ReportSection />
    </div>
  );
}
