// Claims about what is put beside the built app: its policy by its config.json, and the way to an archive through the local server.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { archiveProxy } from "../../../src/cli/archive-proxy.mjs";
import { archiveOrigins, policyOfPage, policyOfServer, withPolicy } from "../../../src/cli/page-policy.mjs";
import { finishSite } from "../../../src/cli/site-config.mjs";
import { serveFolder } from "../../../src/cli/static-server.mjs";

const source = () => readFile(join(import.meta.dirname, "../../../src/index.html"), "utf8");

describe("the page's policy", () => {
  it.each([
    ["no archive", {}, []],
    ["an archive beside the page", { archive: { url: "/dicom-web" } }, []],
    ["one in a folder above", { archive: { url: "../dicom-web" } }, []],
    [
      "one elsewhere",
      { archive: { url: "https://pacs.example:8443/dicom-web" } },
      ["https://pacs.example:8443"],
    ],
    ["one with a name in capitals", { archive: { url: "HTTPS://PACS.example/x" } }, ["https://pacs.example"]],
    ["what ends a directive", { archive: { url: "https://pacs.example;script-src *" } }, []],
    ["a script", { archive: { url: "javascript:alert(1)" } }, []],
    ["nothing of the kind", { archive: 7 }, []],
  ])("connects with %s to that alone", (_, config, origins) => {
    expect(archiveOrigins(config)).toEqual(origins);
  });

  it("is what src/DEPLOY.md tells a server to send", async () => {
    const page = await readFile(join(import.meta.dirname, "../../../src/DEPLOY.md"), "utf8");
    expect(page).toContain(`add_header Content-Security-Policy "${policyOfServer()}" always;`);
  });

  it("is the closed one again when the archive goes from config.json", async () => {
    const page = await source();
    const open = withPolicy(page, ["https://pacs.example"]);
    expect(open).toContain("connect-src 'self' blob: https://pacs.example;");
    expect(withPolicy(open, [])).toBe(
      page.replace(/content="default-src[^"]*"/, `content="${policyOfPage()}"`),
    );
  });

  it("is set in a built folder by its config.json, which is made where there is none", async () => {
    const folder = await mkdtemp(join(tmpdir(), "clv-site-"));
    await writeFile(join(folder, "index.html"), await source());
    expect(await finishSite(folder)).toEqual({ origins: [], url: null });
    expect(await readFile(join(folder, "config.json"), "utf8")).toBe("{}\n");
    await writeFile(join(folder, "config.json"), '{"archive":{"url":"https://pacs.example/rs"}}');
    await finishSite(folder);
    expect(await readFile(join(folder, "index.html"), "utf8")).toContain("blob: https://pacs.example;");
    await writeFile(join(folder, "config.json"), "{");
    await expect(finishSite(folder)).rejects.toThrow(/config\.json is not valid JSON/);
    await rm(folder, { recursive: true });
  });
});

describe("an archive behind the local server", () => {
  let folder = "";
  let archive: Server;
  let site: Awaited<ReturnType<typeof serveFolder>>;
  const seen: { method?: string; url?: string; headers: IncomingMessage["headers"]; body: string }[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "clv-proxy-"));
    archive = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += String(chunk)));
      request.on("end", () => {
        seen.push({ method: request.method, url: request.url, headers: request.headers, body });
        response.writeHead(request.url?.includes("no-such") ? 404 : 200, {
          "Content-Type": "application/dicom+json",
        });
        response.end("[]");
      });
    });
    await new Promise<void>((done) => archive.listen(0, "127.0.0.1", done));
    const address = archive.address();
    const port = typeof address === "object" && address ? address.port : 0;
    site = await serveFolder(folder, {
      before: archiveProxy(`http://127.0.0.1:${port}/dicom-web`, "/pacs/"),
    });
  });
  afterAll(async () => {
    await site.close();
    await new Promise((done) => archive.close(done));
    await rm(folder, { recursive: true });
  });

  /** As `fetch` would not: with headers of our choice and the path as written. */
  const ask = (path: string, headers: Record<string, string> = {}): Promise<number> =>
    new Promise((accept, reject) => {
      httpRequest({ host: "127.0.0.1", port: site.port, path, headers }, (answer) => {
        answer.resume();
        accept(answer.statusCode ?? 0);
      })
        .on("error", reject)
        .end();
    });

  it("is met with query, body and the reader's authorization, under its own name", async () => {
    const answer = await fetch(`${site.url}pacs/studies?PatientID=1%2F2`, {
      method: "POST",
      body: "abc",
      headers: { authorization: "Basic eA==", cookie: "page=1", referer: "http://page/" },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/dicom+json");
    const { method, url, headers, body } = seen[seen.length - 1];
    expect([method, url, body]).toEqual(["POST", "/dicom-web/studies?PatientID=1%2F2", "abc"]);
    expect(headers.authorization).toBe("Basic eA==");
    expect([headers.cookie, headers.referer]).toEqual([undefined, undefined]);
    expect(headers.host).not.toContain(String(site.port));
    expect((await fetch(`${site.url}pacs/no-such`)).status).toBe(404);
  });

  it("is not met outside its own path, and not by another site", async () => {
    const before = seen.length;
    expect(await ask("/pacs/../secret")).toBe(404);
    expect(await ask("/pacs/%2e%2e/secret")).toBe(404);
    expect(await ask("/pacs//elsewhere.example/x")).toBe(404);
    expect(await ask("/pacs/http://elsewhere.example/x")).toBe(404);
    expect(await ask("/pacs/studies", { host: "elsewhere.example" })).toBe(403);
    expect(await ask("/pacs/studies", { origin: "http://elsewhere.example" })).toBe(403);
    expect(await ask("/pacs/studies", { "sec-fetch-site": "cross-site" })).toBe(403);
    expect(seen.length).toBe(before);
  });

  it("says so where it does not answer", async () => {
    const gone = await serveFolder(folder, {
      before: archiveProxy("http://127.0.0.1:1/dicom-web/", "/pacs/"),
    });
    const answer = await fetch(`${gone.url}pacs/studies`);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toMatch(/archive does not answer/);
    await gone.close();
  });
});
