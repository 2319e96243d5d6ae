// Short messages at the lower left; errors stay until they are closed.
import { ActionIcon, Alert, Stack } from "@mantine/core";
import { useEffect } from "react";
import type { Notice } from "#host/app-state";
import styles from "./shell.module.css";
import { useApp, useAppState, useText } from "./use-app.ts";

const colors = { info: "blue", success: "teal", warning: "yellow", error: "red" } as const;
const LIFETIME_MS = { info: 6000, success: 6000, warning: 10_000, error: Infinity } as const;

export function Notices() {
  const notices = useAppState((state) => state.notices);
  return (
    <Stack className={styles.notices} gap="xs" role="status" aria-live="polite">
      {notices.map((notice) => (
        <OneNotice key={notice.id} notice={notice} />
      ))}
    </Stack>
  );
}

function OneNotice({ notice }: { notice: Notice }) {
  const app = useApp();
  const text = useText();
  const close = () => app.store.dismiss(notice.id);
  useEffect(() => {
    const lifetime = LIFETIME_MS[notice.severity];
    if (!Number.isFinite(lifetime)) return;
    const timer = setTimeout(() => app.store.dismiss(notice.id), lifetime);
    return () => clearTimeout(timer);
  }, [app, notice]);
  return (
    <Alert
      color={colors[notice.severity]}
      variant="filled"
      p="xs"
      data-testid="notice"
      data-severity={notice.severity}
      className={styles.notice}
    >
      <div className={styles.noticeRow}>
        <span>{notice.text}</span>
        <ActionIcon size="sm" variant="transparent" color="white" onClick={close} aria-label={text.close}>
          ✕
        </ActionIcon>
      </div>
    </Alert>
  );
}
