// Claims about config.json: what it sets, and what is said of a value that is wrong.
import { describe, expect, it } from "vitest";
import { problemText } from "#core/problem-text";
import { isArchiveAddress, parseDeployment } from "#host/deployment";
import { uidsUnder } from "#host/new-uid";
import { loadPreferences } from "#host/preferences";

const nothingKept = { getItem: () => null };
const words = (text: string): string[] =>
  parseDeployment(text).problems.map((problem) => problemText(problem, "en"));

describe("config.json", () => {
  it("sets archive, UID root, maker's names, reader's role, language and theme", () => {
    const { deployment, problems } = parseDeployment(
      JSON.stringify({
        $comment: "of the department",
        archive: { url: "../dicom-web", login: "password" },
        uidRoot: "1.2.826.0.1.3680043.10",
        manufacturer: "Hospital A",
        deviceSerialNumber: "CT-READ-3",
        readerRole: "resident",
        language: "zh",
        theme: "light",
      }),
    );
    expect(problems).toEqual([]);
    expect(deployment.archive).toEqual({ url: "../dicom-web", login: "password" });
    const { locale, appearance, settings } = loadPreferences(nothingKept, "en", deployment);
    expect({ locale, appearance }).toEqual({ locale: "zh", appearance: "light" });
    expect(settings).toMatchObject({
      uidRoot: "1.2.826.0.1.3680043.10",
      readerRole: "resident",
      equipment: { manufacturer: "Hospital A", deviceSerialNumber: "CT-READ-3", softwareVersions: "0.1.0" },
    });
  });

  it("gives way to what the reader chose in this browser", () => {
    const { deployment } = parseDeployment('{"language": "zh", "theme": "light", "readerRole": "resident"}');
    const kept = { getItem: () => '{"locale":"en","appearance":"dark","readerRole":"consultant"}' };
    const { locale, appearance, settings } = loadPreferences(kept, "zh", deployment);
    expect([locale, appearance, settings.readerRole]).toEqual(["en", "dark", "consultant"]);
  });

  it("is not needed: absent or empty, the program's own settings stand and nothing is said", () => {
    expect(parseDeployment("{}")).toEqual({ deployment: {}, problems: [] });
    expect(loadPreferences(nothingKept, "en").settings.uidRoot).toBe("2.25");
  });

  it("keeps the other values where one is wrong, and says which, what was found and what it wants", () => {
    const { deployment } = parseDeployment('{"theme": "blue", "language": "zh"}');
    expect(deployment).toEqual({ language: "zh" });
    expect(words('{"theme": "blue"}')).toEqual([
      '“theme” in config.json is refused (found "blue") and its default is used. It wants "dark" or "light".',
    ]);
    expect(words('{"archive": {"url": "https://a:b@pacs/"}}')[0]).toMatch(
      /“archive\.url”.*without a password/,
    );
    expect(words('{"archive": {"url": "/dicom-web", "login": "magic"}}')[0]).toMatch(/“archive\.login”/);
    expect(words('{"archive": "/dicom-web"}')[0]).toMatch(/“archive” .*an object like/);
    expect(words('{"uidRoot": "1.02.3"}')[0]).toMatch(/“uidRoot”.*24 characters/);
    expect(words('{"manufacturer": "a\\\\b"}')[0]).toMatch(/“manufacturer”.*without “\\”/);
    expect(words('{"colour": 1}')[0]).toMatch(/a setting “colour” .* It knows archive, uidRoot/);
    for (const broken of ["", "[1]", "null", "{'a': 1}"]) expect(words(broken)[0]).toMatch(/not valid JSON/);
  });

  it("has words in Chinese for each of them too", () => {
    const { problems } = parseDeployment('{"theme": 1, "x": 1, "uidRoot": 2, "readerRole": ""}');
    expect(problems).toHaveLength(4);
    for (const problem of problems) expect(problemText(problem, "zh")).toMatch(/config\.json 中/);
  });

  it.each([
    "/dicom-web",
    "../dicom-web",
    "https://pacs.example:8443/dicom-web",
    "http://127.0.0.1:8042/dicom-web/",
  ])("takes %s for an archive's address", (text) => expect(isArchiveAddress(text)).toBe(true));
  it.each([
    "",
    " /a",
    "javascript:alert(1)",
    "file:///a",
    "https://u:p@pacs/",
    "https://pacs/?q=1",
    "/a#b",
    "https://",
  ])("refuses %s", (text) => expect(isArchiveAddress(text)).toBe(false));
});

describe("new UIDs", () => {
  it.each(["2.25", "1.2.826.0.1.3680043.1000"])("under %s are valid and differ", (root) => {
    const made = Array.from({ length: 200 }, uidsUnder(root));
    expect(new Set(made).size).toBe(200);
    for (const uid of made) {
      expect(uid.length).toBeLessThanOrEqual(64);
      expect(uid).toMatch(/^[012](\.(0|[1-9]\d*))+$/);
      expect(uid.startsWith(`${root}.`)).toBe(true);
    }
  });
});
