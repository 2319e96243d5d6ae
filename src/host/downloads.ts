// Files leave the page as downloads or through the clipboard; nothing is sent anywhere.
import type { FileOutput } from "./plugin-host.ts";

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
});
