// The browser's dialogs for files and for a folder, asked for by code.
import type { FileWithPath } from "./contract.ts";

/** None where the dialog is closed without a choice. Only in answer to a click or a key. */
export const pickFiles =
  (page: Document) =>
  (what: "files" | "folder"): Promise<readonly FileWithPath[]> =>
    new Promise((resolve) => {
      const input = page.createElement("input");
      input.type = "file";
      input.multiple = true;
      input.hidden = true;
      input.dataset.testid = "page-files";
      if (what === "folder") input.setAttribute("webkitdirectory", "");
      const done = (files: readonly FileWithPath[]): void => {
        input.remove();
        resolve(files);
      };
      input.addEventListener("change", () => done(filesOf(input.files)));
      input.addEventListener("cancel", () => done([]));
      page.body.append(input);
      input.click();
    });

/** Files of an <input type="file">, with the folder's relative paths where there is one. */
export const filesOf = (list: FileList | null): FileWithPath[] =>
  [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
