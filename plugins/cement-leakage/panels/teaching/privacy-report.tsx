// What was searched for and found, or why there is no teaching case.
import { Alert, Group, Loader, Text as Words } from "@mantine/core";
import type { LeakReport } from "#contract";
import { problemText } from "#core/problem-text";
import { useLocale, useReadable, useVerbs } from "../case-view.ts";
import { useTeachingText } from "./use-teaching-text.ts";

export function PrivacyReport() {
  const { teaching } = useVerbs();
  const text = useTeachingText();
  const locale = useLocale();
  const { step, report, problem, choices } = useReadable(teaching.state);
  return (
    <div role="status" data-testid="teaching-report" data-clean={report?.clean}>
      {step === "working" && (
        <Group gap="xs">
          <Loader size="xs" />
          <Words size="sm">{text.working}</Words>
        </Group>
      )}
      {problem && (
        <Alert color="red" p="xs">
          {problemText(problem, locale)}
        </Alert>
      )}
      {step === "ready" && !problem && !report && choices && <Words size="sm">{text.notSearched}</Words>}
      {step === "ready" && report && <Searched report={report} />}
    </div>
  );
}

/** More than an author works through. */
const MOST_PLACES = 8;

function Searched({ report }: { report: LeakReport }) {
  const text = useTeachingText();
  const { clean, values, files, found, unopened, tooShort } = report;
  const short = [...new Set(tooShort.map((value) => value.text).filter((one) => /\p{L}/u.test(one)))];
  return (
    <Alert color={clean ? "teal" : "red"} p="xs">
      {clean && text.clean(values, files)}
      {found.length > 0 && (
        <>
          {text.found(found.length)}
          <ul>
            {found.slice(0, MOST_PLACES).map(({ value, where, form }, n) => (
              <li key={n}>
                {value.text} ({value.from}): {where}, {text.form(form)}
              </li>
            ))}
            {found.length > MOST_PLACES && <li>{text.more(found.length - MOST_PLACES)}</li>}
          </ul>
        </>
      )}
      {unopened.length > 0 && `${text.unopened}${unopened.join("; ")}`}
      {short.length > 0 && (
        <Words size="xs" c="dimmed">
          {text.tooShort(short.join(", "))}
        </Words>
      )}
    </Alert>
  );
}
