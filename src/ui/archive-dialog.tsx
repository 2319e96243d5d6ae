// The archive's dialog: sign in, search, choose a study. Everything by keyboard; a study goes on to the series list that files have too.
import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { problemText } from "#core/problem-text";
import type { ArchiveSearch } from "#host/archive";
import type { SignIn } from "#host/archive-memory";
import { ArchiveResults } from "./archive-results.tsx";
import { SearchFields } from "./archive-search.tsx";
import { SignInFields } from "./archive-sign-in.tsx";
import { useApp, useAppState, useReadable, useText } from "./use-app.ts";

export function ArchiveDialog() {
  const app = useApp();
  const { archive: text, close } = useText();
  const { shown } = useReadable(app.archive.state);
  return (
    <Modal
      opened={shown !== null}
      onClose={() => {
        app.archive.cancel();
        app.archive.show(null);
      }}
      title={shown === "sign-in" ? text.signInTitle : text.title}
      size="72rem"
      closeButtonProps={{ "aria-label": close }}
      data-testid="archive-dialog"
    >
      {shown !== null && <Content onlySignIn={shown === "sign-in"} />}
    </Modal>
  );
}

function Content({ onlySignIn }: { onlySignIn: boolean }) {
  const app = useApp();
  const text = useText();
  const { archive } = app;
  const state = useReadable(archive.state);
  const [signIn, setSignIn] = useState<SignIn>(state.signIn);
  const [search, setSearch] = useState<ArchiveSearch>(state.search);
  const [changing, setChanging] = useState(false);
  const signedIn = state.address !== null && !changing && !onlySignIn;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChanging(false);
    void (onlySignIn ? archive.enter(signIn) : archive.search(signIn, search));
  };
  return (
    <Stack gap="sm">
      <form onSubmit={submit}>
        <Stack gap="sm">
          {signedIn ? (
            <SignedIn signIn={state.signIn} change={() => setChanging(true)} />
          ) : (
            <SignInFields signIn={signIn} onChange={(change) => setSignIn({ ...signIn, ...change })} />
          )}
          {!onlySignIn && (
            <SearchFields search={search} onChange={(change) => setSearch({ ...search, ...change })} />
          )}
          <Group justify="flex-end" gap="xs">
            {state.busy === "searching" && (
              <Button variant="default" onClick={archive.cancel}>
                {text.cancel}
              </Button>
            )}
            <Button type="submit" loading={state.busy === "searching"} data-testid="archive-search">
              {onlySignIn ? text.archive.signIn : text.archive.search}
            </Button>
          </Group>
        </Stack>
      </form>
      <Said />
      {!onlySignIn && state.page && (
        <ArchiveResults
          page={state.page}
          turn={(offset) => void archive.search(state.signIn, state.search, offset)}
        />
      )}
    </Stack>
  );
}

function SignedIn({ signIn, change }: { signIn: SignIn; change: () => void }) {
  const { archive: text } = useText();
  return (
    <Group gap="xs">
      <Text size="sm">
        {signIn.url}
        {signIn.login === "password" && ` · ${text.signedInAs(signIn.user)}`}
      </Text>
      <Button size="compact-xs" variant="subtle" onClick={change} data-testid="archive-change">
        {text.change}
      </Button>
    </Group>
  );
}

/** Why there is no answer, or what to mind about it. */
function Said() {
  const app = useApp();
  const locale = useAppState((state) => state.locale);
  const { problem, notes } = useReadable(app.archive.state);
  const all = problem ? [problem] : notes;
  return (
    <div role="status" aria-live="polite">
      {all.map((one) => (
        <Alert
          key={one.code}
          color={one === problem ? "red" : "yellow"}
          variant="light"
          p="xs"
          data-testid={one === problem ? "archive-problem" : "archive-note"}
        >
          {problemText(one, locale)}
        </Alert>
      ))}
    </div>
  );
}
