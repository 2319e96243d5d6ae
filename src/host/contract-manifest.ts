// The manifest of a plugin: plain data, readable without running it. Part of the contract.
import type { Locale } from "#core/problem";
import type { ImportedObject } from "./contract.ts";

export type LocalText = Readonly<Record<Locale, string>>;

export interface CommandDeclaration {
  readonly id: string;
  readonly title: LocalText;
  /** "f", "Shift+F", "Ctrl+Z", "Delete": `KeyboardEvent.key` with modifiers before it. */
  readonly shortcut?: string;
  readonly group?: LocalText;
}

export type Gesture = "brush" | "line" | "contour" | "ellipse";

export interface ToolDeclaration extends CommandDeclaration {
  /** What the pointer draws: a ball brush with a radius, a straight line, a closed contour or an ellipse in the view's plane. */
  readonly gesture: Gesture;
  readonly hint: LocalText;
}

export interface PanelDeclaration {
  readonly id: string;
  readonly title: LocalText;
}

export interface PageDeclaration {
  readonly id: string;
  /** Hash route below #/p/<plugin>/. */
  readonly path: string;
  readonly title: LocalText;
  /** What it is for, on the door of the start page. */
  readonly hint: LocalText;
  /**
   * What a link to the page brings along from a case that is open elsewhere (in OHIF), by id: a command of this plugin that is run once
   * the case is open here too, or an exporter whose files, with the CT, are given to the page (`host.page.given`). Without it, nothing.
   */
  readonly fromCase?: { readonly command: string } | { readonly exporter: string };
}

export interface ExporterDeclaration {
  readonly id: string;
  readonly title: LocalText;
  readonly description: LocalText;
  /** Asked for seldom: it stands behind "More formats". */
  readonly seldom?: true;
}

export interface ImporterDeclaration {
  readonly id: string;
  readonly accepts: readonly ImportedObject["kind"][];
}

export interface PluginManifest {
  readonly id: string;
  readonly title: LocalText;
  readonly version: string;
  readonly contract: 1;
  readonly commands: readonly CommandDeclaration[];
  readonly tools: readonly ToolDeclaration[];
  readonly panels: readonly PanelDeclaration[];
  readonly pages: readonly PageDeclaration[];
  readonly exporters: readonly ExporterDeclaration[];
  readonly importers: readonly ImporterDeclaration[];
}
