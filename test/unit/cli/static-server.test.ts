// What the static server promises: loopback only, the security headers, right types, nothing outside its folder.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { policyOfServer } from "../../../src/cli/page-policy.mjs";
import { serveFolder } from "../../../src/cli/static-server.mjs";

let folder = "";
let server: Awaited<ReturnType<typeof serveFolder>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clv-server-"));
  const root = join(folder, "dist");
  await mkdir(join(root, "sub"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "secret");
  await writeFile(join(root, "index.html"), "<!doctype html>");
  await writeFile(join(root, "sub", "index.html"), "<!doctype html>sub");
  for (const name of ["a.js", "a.mjs", "a.css", "a.wasm", "a.dcm", "a.json", "a.unknown"])
    await writeFile(join(root, name), name);
  await symlink(join(folder, "secret.txt"), join(root, "link.txt"));
  server = await serveFolder(root);
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** The answer to a request line that `fetch` would have tidied up first. */
function rawStatus(path: string): Promise<string> {
  return new Promise((accept, reject) => {
    let text = "";
    const socket = connect(server.port, "127.0.0.1", () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    );
    socket.on("data", (chunk) => (text += chunk.toString()));
    socket.on("close", () => accept(text));
    socket.on("error", reject);
  });
}

describe("static server", () => {
  it("listens on the loopback interface only", () => {
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/`);
  });

  it.each([
    ["", "text/html; charset=utf-8"],
    ["sub/", "text/html; charset=utf-8"],
    ["a.js", "text/javascript; charset=utf-8"],
    ["a.mjs", "text/javascript; charset=utf-8"],
    ["a.css", "text/css; charset=utf-8"],
    ["a.json", "application/json; charset=utf-8"],
    ["a.wasm", "application/wasm"],
    ["a.dcm", "application/dicom"],
    ["a.unknown", "application/octet-stream"],
  ])("serves /%s as %s", async (path, type) => {
    const response = await fetch(server.url + path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
  });

  it.each(["index.html", "missing.html"])("sends the security headers with %s", async (path) => {
    const { headers } = await fetch(server.url + path);
    expect(headers.get("content-security-policy")).toBe(policyOfServer());
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  });

  it("sends what the page says itself for other servers, and who may frame it", async () => {
    const page = await readFile(join(import.meta.dirname, "../../../src/index.html"), "utf8");
    const said = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1];
    expect(`${said}; frame-ancestors 'self'`).toBe(policyOfServer());
  });

  it("allows no inline script and no other origin", () => {
    expect(policyOfServer()).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/);
    expect(policyOfServer()).not.toMatch(/https?:|\*/);
  });

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/sub/..%2f..%2fsecret.txt",
    "/..%5csecret.txt",
    "/link.txt",
    "/sub",
    "/%00",
    "/%zz",
    "//etc/passwd",
    "secret.txt",
  ])("refuses %s", async (path) => {
    const answer = await rawStatus(path);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(answer).not.toContain("secret\r\n");
    expect(answer.endsWith("secret")).toBe(false);
  });

  it("refuses to be written to", async () => {
    expect((await fetch(server.url, { method: "POST", body: "x" })).status).toBe(405);
  });

  it("answers 304 when the browser has the file already", async () => {
    const etag = (await fetch(`${server.url}a.js`)).headers.get("etag") ?? "";
    expect((await fetch(`${server.url}a.js`, { headers: { "if-none-match": etag } })).status).toBe(304);
  });

  it("passes over a taken port only when asked to", async () => {
    await expect(serveFolder(folder, { port: server.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    const next = await serveFolder(folder, { port: server.port, nextWhenTaken: true });
    expect(next.port).toBeGreaterThan(server.port);
    await next.close();
  });
});
