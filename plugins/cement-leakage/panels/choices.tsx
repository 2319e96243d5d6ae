// A row of small toggles for a short list of answers.
import { Text as Words } from "@mantine/core";
import styles from "./panel.module.css";

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly chosen: readonly T[];
  readonly onChoose: (value: T) => void;
}

export function Choices<T extends string>({ label, options, chosen, onChoose }: ChoicesProps<T>) {
  return (
    <div role="group" aria-label={label}>
      <Words size="xs" fw={600}>
        {label}
      </Words>
      <div className={styles.choices}>
        {options.map((option) => (
          <button
            key={option.value}
            type="button"
            aria-pressed={chosen.includes(option.value)}
            onClick={() => onChoose(option.value)}
          >
            {option.label}
          </button>
        ))}
      </div>
    </div>
  );
}
