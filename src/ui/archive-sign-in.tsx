// The fields by which an archive is reached: address, and user and password or a token where it wants them.
import { Checkbox, Group, PasswordInput, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import type { SignIn } from "#host/archive-memory";
import { useText } from "./use-app.ts";

const LOGINS = ["page", "password", "token"] as const;

export function SignInFields({
  signIn,
  onChange,
}: {
  signIn: SignIn;
  onChange: (change: Partial<SignIn>) => void;
}) {
  const { archive: text } = useText();
  return (
    <Stack gap="xs" data-testid="archive-sign-in">
      <Group align="flex-end" gap="sm">
        <TextInput
          label={text.address}
          description={text.addressHint}
          value={signIn.url}
          onChange={({ target }) => onChange({ url: target.value })}
          required
          withAsterisk={false}
          flex={1}
          miw={320}
          autoComplete="off"
          spellCheck={false}
          data-testid="archive-address"
          data-autofocus={signIn.url === "" || undefined}
        />
        <div>
          <Text size="sm" fw={600} mb={2}>
            {text.login}
          </Text>
          <SegmentedControl
            aria-label={text.login}
            value={signIn.login}
            onChange={(value) => onChange({ login: LOGINS.find((login) => login === value) ?? "page" })}
            data={LOGINS.map((login) => ({ value: login, label: text.logins[login] }))}
          />
        </div>
      </Group>
      {signIn.login !== "page" && (
        <Group align="flex-end" gap="sm">
          {signIn.login === "password" && (
            <TextInput
              label={text.user}
              value={signIn.user}
              onChange={({ target }) => onChange({ user: target.value })}
              required
              withAsterisk={false}
              autoComplete="username"
              data-testid="archive-user"
            />
          )}
          <PasswordInput
            label={signIn.login === "password" ? text.password : text.token}
            value={signIn.secret}
            onChange={({ target }) => onChange({ secret: target.value })}
            required
            withAsterisk={false}
            w={260}
            autoComplete={signIn.login === "password" ? "current-password" : "off"}
            data-testid="archive-secret"
            data-autofocus={signIn.url !== "" || undefined}
          />
          <Checkbox
            label={text.keep}
            checked={signIn.keepSecret}
            onChange={({ target }) => onChange({ keepSecret: target.checked })}
            mb={8}
          />
        </Group>
      )}
    </Stack>
  );
}
