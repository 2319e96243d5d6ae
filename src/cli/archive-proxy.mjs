// Passes requests below one path of the loopback server on to an archive, so that the page meets it on its own origin (no CORS).
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** Headers of one connection (RFC 9110 7.6.1), and those that name the page instead of the archive. */
const NOT_PASSED_ON = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "host",
  "origin",
  "referer",
  "cookie",
]);

/** @param {import("node:http").IncomingHttpHeaders} headers */
const passedOn = (headers) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => value !== undefined && !NOT_PASSED_ON.has(name)),
  );

/**
 * Whether this request can come from the page itself: another site that the reader has open could otherwise ask the archive by
 * way of this server (by a name of its own that resolves to loopback, or by a form).
 * @param {import("node:http").IncomingMessage} request @param {number} port
 */
function isOwn({ headers }, port) {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const site = headers["sec-fetch-site"];
  return (
    hosts.includes(headers.host ?? "") &&
    (site === undefined || site === "same-origin" || site === "none") &&
    (headers.origin === undefined || hosts.some((host) => headers.origin === `http://${host}`))
  );
}

/**
 * @param {string} archive root of the DICOMweb service, http or https
 * @param {string} prefix the path that stands for it here, with a slash at its end
 * @returns {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => boolean} whether it
 *   took the request; what it took it also answers
 */
export function archiveProxy(archive, prefix) {
  const root = new URL(archive.endsWith("/") ? archive : `${archive}/`);
  return (request, response) => {
    const path = request.url ?? "/";
    if (!path.startsWith(prefix)) return false;
    const { localPort = 0 } = request.socket;
    const refuse = (/** @type {number} */ status, /** @type {string} */ text) =>
      response.writeHead(status, { "Content-Type": "text/plain" }).end(`${text}\n`);
    if (!isOwn(request, localPort)) {
      refuse(403, "Only for the page that this server serves.");
      return true;
    }
    const target = new URL(path.slice(prefix.length), root);
    if (target.origin !== root.origin || !target.pathname.startsWith(root.pathname)) {
      refuse(404, "Not found.");
      return true;
    }
    const send = target.protocol === "https:" ? httpsRequest : httpRequest;
    const onward = send(target, { method: request.method, headers: passedOn(request.headers) }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
      answer.on("error", () => response.destroy());
      answer.pipe(response);
    });
    onward.on("error", (error) => {
      if (response.headersSent) response.destroy();
      else refuse(502, `The archive does not answer: ${error.message}`);
    });
    // A reader who cancels must not leave the archive sending.
    response.on("close", () => onward.destroy());
    request.pipe(onward);
    return true;
  };
}
