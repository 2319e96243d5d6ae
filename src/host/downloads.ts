// Files leave the page as downloads, through the clipboard or the printer; nothing is sent anywhere.
import type { FileOutput } from "./plugin-host.ts";

/** The page that is being printed. */
const PRINTED = "printed-page";

export const downloads = (page: Document): FileOutput => ({
  save({ name, mediaType, bytes }) {
    const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: mediaType }));
    const link = page.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    // The browser reads the address after this task; giving it back at once would lose the file.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  },
  copyText: (text) => navigator.clipboard.writeText(text),
  copyImage: (png) => navigator.clipboard.write([new ClipboardItem({ "image/png": png })]),
  async print(html) {
    // A page of its own inside this one: `srcdoc` needs no address that the Content-Security-Policy would have to allow, and
    // without "allow-scripts" nothing in it runs. One at a time.
    page.getElementById(PRINTED)?.remove();
    // oxlint-disable-next-line react/iframe-missing-sandbox -- it gets one two lines on
    const frame = page.createElement("iframe");
    frame.id = PRINTED;
    frame.setAttribute("sandbox", "allow-same-origin allow-modals");
    frame.setAttribute("aria-hidden", "true");
    frame.tabIndex = -1;
    frame.style.cssText = "position:fixed;right:0;bottom:0;width:0;height:0;border:0";
    frame.srcdoc = html;
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
    page.body.append(frame);
    await loaded;
    const printed = frame.contentWindow;
    if (!printed) return;
    // Pictures are decoded before the dialog takes its copy of the page.
    await Promise.all(Array.from(printed.document.images, (image) => image.decode().catch(() => undefined)));
    printed.addEventListener("afterprint", () => frame.remove(), { once: true });
    printed.focus();
    printed.print();
  },
});
