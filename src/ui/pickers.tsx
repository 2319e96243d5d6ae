// The pickers for files and for a folder, behind whatever button opens them.
import { useEffect, useRef } from "react";
import { pickedFiles } from "./dropped-files.ts";
import { useApp } from "./use-app.ts";

/** Hidden inputs with the two pickers; `webkitdirectory` is set as an attribute because React has no type for it. */
export function usePickers() {
  const app = useApp();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => folder.current?.setAttribute("webkitdirectory", ""), []);
  const take = (input: HTMLInputElement) => {
    const picked = pickedFiles(input.files);
    input.value = "";
    void app.openFiles(picked);
  };
  return {
    chooseFiles: () => files.current?.click(),
    chooseFolder: () => folder.current?.click(),
    inputs: (
      <>
        <input
          ref={files}
          type="file"
          multiple
          hidden
          data-testid="pick-files"
          onChange={(event) => take(event.target)}
        />
        <input
          ref={folder}
          type="file"
          multiple
          hidden
          data-testid="pick-folder"
          onChange={(event) => take(event.target)}
        />
      </>
    ),
  };
}
