// What the screen shows where drawing it failed: what happened, that the work is safe or not, and a way on.
import { Alert, Button, Center, Group, Stack, Text } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { problem } from "#core/problem";
import { problemText } from "#core/problem-text";
import { useAppState, useText } from "./use-app.ts";

interface Props {
  /** Which part of the screen, for the message. */
  readonly where: string;
  readonly children: ReactNode;
}

/** Catches what its children throw while they are drawn; the rest of the screen stays. */
export class FaultBoundary extends Component<Props, { fault: string | null }> {
  override state: { fault: string | null } = { fault: null };

  static getDerivedStateFromError(error: unknown): { fault: string } {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    return <Fault message={fault} where={this.props.where} onRetry={() => this.setState({ fault: null })} />;
  }
}

function Fault({ where, message, onRetry }: { where: string; message: string; onRetry: () => void }) {
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const notSaved = useAppState((state) => state.saving) === "failed";
  return (
    <Center p="md" style={{ minHeight: 0 }}>
      <Alert color="red" maw={520} role="alert" data-testid="screen-failed">
        <Stack gap="xs">
          <Text size="sm">
            {problemText(problem("app/unexpected", { where, message, notSaved }), locale)}
          </Text>
          <Group gap="xs">
            <Button size="xs" onClick={onRetry}>
              {text.tryAgain}
            </Button>
            <Button size="xs" variant="default" onClick={() => window.location.reload()}>
              {text.reloadPage}
            </Button>
          </Group>
        </Stack>
      </Alert>
    </Center>
  );
}
