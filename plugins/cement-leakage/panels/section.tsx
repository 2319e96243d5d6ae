// One titled block of the panel.
import type { ReactNode } from "react";
import styles from "./panel.module.css";

export function Section({
  title,
  name,
  aside,
  children,
}: {
  title: string;
  /** What a jump finds it by. */
  name?: "lesion" | "procedure";
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.section} aria-label={title} data-section={name}>
      <div className={styles.sectionTitle}>
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
