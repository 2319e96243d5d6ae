// One titled block of the cohort's page.
import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./cohort.module.css";

export function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.block} aria-label={title}>
      <Title order={3} size="h5" mb={6}>
        {title}
      </Title>
      {children}
    </section>
  );
}
