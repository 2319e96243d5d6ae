// What is dropped on the page: folders to the bottom, and one entry that can't be read takes nothing from the others.
import { expect, it } from "vitest";
import { droppedFiles } from "../../../src/ui/dropped-files.ts";

type Tree = { readonly [name: string]: Tree | string | null };

const refused = () => new DOMException("locked", "NotReadableError");

/** An entry as the browser gives it; null can't be read, and a folder hands out two of its entries at a time. */
function entryOf(name: string, what: Tree | string | null, above: string): object {
  const fullPath = `${above}/${name}`;
  if (what === null || typeof what === "string")
    return {
      ...{ name, fullPath, isFile: true, isDirectory: false },
      file: (give: (file: File) => void, fail: (error: DOMException) => void) =>
        what === null ? fail(refused()) : give(new File([what], name)),
    };
  const entries = Object.entries(what).map(([inside, of]) => entryOf(inside, of, fullPath));
  return {
    ...{ name, fullPath, isFile: false, isDirectory: true },
    createReader: () => ({
      readEntries: (give: (some: object[]) => void, fail: (error: DOMException) => void) => {
        const some = entries.splice(0, 2);
        if (some.some((entry) => "name" in entry && entry.name === "unlisted")) fail(refused());
        else give(some);
      },
    }),
  };
}

const drop = (tree: Tree) => {
  const items = Object.entries(tree).map(([name, what]) => ({
    webkitGetAsEntry: () => entryOf(name, what, ""),
  }));
  // Node has no DataTransfer; of this one only the items are looked at.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return droppedFiles({ items, files: [] } as unknown as DataTransfer);
};

it("walks folders to the bottom, in which readers hand out a few entries at a time", async () => {
  const { files, unreadable } = await drop({
    disc: { a: "1", b: "2", c: { d: "3", e: {} }, f: "4" },
    g: "5",
  });
  expect(files.map(({ path }) => path)).toEqual(["disc/a", "disc/b", "disc/c/d", "disc/f", "g"]);
  expect(await files[2].file.text()).toBe("3");
  expect(unreadable).toEqual([]);
});

it("names what can't be read, a file or a folder half-way, and gives all the rest", async () => {
  const { files, unreadable } = await drop({
    disc: { a: "1", locked: null, b: "2" },
    half: { c: "3", d: "4", unlisted: "5", e: "6" },
    f: "7",
  });
  expect(files.map(({ path }) => path)).toEqual(["disc/a", "disc/b", "half/c", "half/d", "f"]);
  expect(unreadable.map(({ path, problem }) => [path, problem.code, problem.details.why])).toEqual([
    ["disc/locked", "read/unreadable", "NotReadableError"],
    ["half", "read/unreadable", "NotReadableError"],
  ]);
});
