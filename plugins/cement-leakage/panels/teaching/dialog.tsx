// Making a teaching case: a section for each thing that its author decides, the search and saving always in sight below them.
import { Modal, Stack } from "@mantine/core";
import { useReadable, useVerbs } from "../case-view.ts";
import { PicturesSection } from "./pictures-section.tsx";
import { HeadQuestion } from "./head-question.tsx";
import { PrivacyReport } from "./privacy-report.tsx";
import { PrivacySection } from "./privacy-section.tsx";
import { SaveSection } from "./save-section.tsx";
import styles from "./teaching.module.css";
import { useTeachingText } from "./use-teaching-text.ts";
import { WarningsSection } from "./warnings-section.tsx";
import { WordsSection } from "./words-section.tsx";

export function TeachingDialog() {
  const { teaching } = useVerbs();
  const text = useTeachingText();
  const { step } = useReadable(teaching.state);
  return (
    <Modal
      opened={step !== "closed"}
      onClose={teaching.close}
      title={text.title}
      size={1320}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": text.close }}
    >
      <Stack gap="xs" data-testid="teaching" data-step={step}>
        <div className={styles.columns}>
          <Stack gap="xs">
            <WordsSection />
            <PrivacySection />
            <WarningsSection />
          </Stack>
          <PicturesSection />
        </div>
        <div className={styles.foot}>
          <PrivacyReport />
          <HeadQuestion />
          <SaveSection />
        </div>
      </Stack>
    </Modal>
  );
}
