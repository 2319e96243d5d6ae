// Accepts plugins: checks a manifest before its code runs, and what the code returns against the manifest.
import { problem, type Problem } from "#core/problem";
import type { Host, Plugin, PluginImplementation, PluginManifest } from "./contract.ts";
import { guardPlugin, type FaultSink } from "./guard-plugin.ts";

export interface ActivePlugin {
  readonly manifest: PluginManifest;
  /** Safe to call: commands, tools, `pick` and `summary` report what they throw (guard-plugin.ts). */
  readonly implementation: PluginImplementation;
}

const kinds = ["commands", "tools", "panels", "pages", "exporters", "importers"] as const;

/** Everything wrong with a manifest, each with the words the user must see; empty when it is fine. */
export function manifestProblems(manifest: PluginManifest, taken: readonly PluginManifest[] = []): Problem[] {
  const found: Problem[] = [];
  const id = manifest.id || "(no id)";
  if (!/^[a-z][a-z0-9-]*$/.test(manifest.id)) found.push(problem("plugin/bad-id", { plugin: id }));
  if (Number(manifest.contract) !== 1)
    found.push(problem("plugin/other-contract", { plugin: id, wants: String(manifest.contract), has: 1 }));
  if (taken.some((other) => other.id === manifest.id))
    found.push(problem("plugin/duplicate", { plugin: id }));
  const seen = new Set<string>();
  for (const kind of kinds)
    for (const declared of manifest[kind]) {
      if (!declared.id.startsWith(`${manifest.id}/`))
        found.push(problem("plugin/id-without-prefix", { plugin: id, id: declared.id }));
      if (seen.has(declared.id)) found.push(problem("plugin/id-twice", { plugin: id, id: declared.id }));
      seen.add(declared.id);
    }
  for (const { fromCase } of manifest.pages) {
    if (!fromCase) continue;
    const [kind, wanted] =
      "command" in fromCase
        ? (["commands", fromCase.command] as const)
        : (["exporters", fromCase.exporter] as const);
    if (!manifest[kind].some((declared) => declared.id === wanted))
      found.push(problem("plugin/link-unknown", { plugin: id, id: wanted }));
  }
  const keys = new Map<string, string>();
  for (const declared of [...manifest.commands, ...manifest.tools]) {
    if (!declared.shortcut) continue;
    const other = keys.get(declared.shortcut);
    if (other)
      found.push(
        problem("plugin/shortcut-twice", {
          plugin: id,
          shortcut: declared.shortcut,
          first: other,
          second: declared.id,
        }),
      );
    keys.set(declared.shortcut, declared.id);
  }
  return found;
}

/** Ids that are declared but not implemented, or implemented but not declared. */
export function implementationProblems(
  manifest: PluginManifest,
  implementation: PluginImplementation,
): Problem[] {
  const found: Problem[] = [];
  for (const kind of kinds) {
    const declared = new Set(manifest[kind].map((entry) => entry.id));
    const given = new Set(Object.keys(implementation[kind]));
    for (const id of declared)
      if (!given.has(id)) found.push(problem("plugin/not-implemented", { plugin: manifest.id, id }));
    for (const id of given)
      if (!declared.has(id)) found.push(problem("plugin/not-declared", { plugin: manifest.id, id }));
  }
  return found;
}

export interface Registry {
  readonly active: readonly ActivePlugin[];
  readonly problems: readonly Problem[];
  dispose(): void;
}

/** Activates plugins in order. One that is broken is left out with its problem; the others and the viewer stay up. */
export function activatePlugins(
  plugins: readonly Plugin[],
  hostFor: (manifest: PluginManifest) => Host,
  sink: FaultSink,
): Registry {
  const active: ActivePlugin[] = [];
  const problems: Problem[] = [];
  for (const { manifest, activate } of plugins) {
    const wrong = manifestProblems(
      manifest,
      active.map((entry) => entry.manifest),
    );
    if (wrong.length > 0) {
      problems.push(...wrong);
      continue;
    }
    try {
      const implementation = activate(hostFor(manifest));
      const missing = implementationProblems(manifest, implementation);
      if (missing.length > 0) {
        problems.push(...missing);
        implementation.dispose?.();
      } else active.push({ manifest, implementation: guardPlugin(manifest, implementation, sink) });
    } catch (error) {
      problems.push(
        problem("plugin/threw", { plugin: manifest.id, where: "activate", message: String(error) }),
      );
    }
  }
  return {
    active,
    problems,
    dispose() {
      for (const { implementation } of active) implementation.dispose?.();
    },
  };
}
