// One titled block of the panel.
import type { ReactNode } from "react";
import styles from "./panel.module.css";

export function Section({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.section} aria-label={title}>
      <div className={styles.sectionTitle}>
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
