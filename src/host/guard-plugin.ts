// A plugin's functions made safe to call: what one of them throws is reported with the plugin's name, and the viewer goes on.
import { ProblemError, problem, type Problem } from "#core/problem";
import { problemText } from "#core/problem-text";
import type { Locale } from "#core/problem";
import type {
  CommandImplementation,
  OverlayLayer,
  PluginImplementation,
  PluginManifest,
  ToolImplementation,
} from "./contract.ts";
import type { MaskShape } from "#voxels/mask";

export interface FaultSink {
  report(problem: Problem): void;
  readonly locale: () => Locale;
}

const pluginThrew = (plugin: string, where: string, error: unknown): Problem =>
  error instanceof ProblemError
    ? error.problem
    : problem("plugin/threw", {
        plugin,
        where,
        message: error instanceof Error ? error.message : String(error),
      });

const isCancelled = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

/** Runs it; what it throws, at once or later, is reported and costs the caller nothing but the value. */
export function guarded<T>(sink: FaultSink, plugin: string, where: string, work: () => T): T | undefined {
  const told = (error: unknown): undefined => {
    if (!isCancelled(error)) sink.report(pluginThrew(plugin, where, error));
  };
  try {
    const result = work();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return result instanceof Promise ? (result.catch(told) as T) : result;
  } catch (error) {
    return told(error);
  }
}

/** The implementation with its commands, tools, `pick`, `summary` and `dispose` made safe. */
export function guardPlugin(
  { id }: PluginManifest,
  implementation: PluginImplementation,
  sink: FaultSink,
): PluginImplementation {
  /** Asked while the screen is drawn, so that its fault is shown as the reason instead of reported anew with each drawing. */
  const reason = (where: string, ask?: () => string | null) => (): string | null => {
    try {
      return ask?.() ?? null;
    } catch (error) {
      return problemText(pluginThrew(id, where, error), sink.locale());
    }
  };
  const command = (where: string, given: CommandImplementation): CommandImplementation => ({
    run: () => guarded(sink, id, where, () => given.run()),
    disabledReason: reason(where, given.disabledReason && (() => given.disabledReason?.() ?? null)),
  });
  const tool = (where: string, given: ToolImplementation): ToolImplementation => ({
    begin: (sample) => void guarded(sink, id, where, () => given.begin(sample)),
    move: (samples) => void guarded(sink, id, where, () => given.move(samples)),
    ...(given.land ? { land: () => void guarded(sink, id, where, () => given.land?.()) } : {}),
    finish: () => void guarded(sink, id, where, () => given.finish()),
    cancel: () => void guarded(sink, id, where, () => given.cancel()),
    disabledReason: reason(where, given.disabledReason && (() => given.disabledReason?.() ?? null)),
  });
  const each = <T>(entries: Readonly<Record<string, T>>, wrap: (where: string, entry: T) => T) =>
    Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, wrap(name, entry)]));
  const { pick, summary, dispose } = implementation;
  return {
    ...implementation,
    commands: each(implementation.commands, command),
    tools: each(implementation.tools, tool),
    ...(pick ? { pick: (at) => guarded(sink, id, "pick", () => pick(at)) ?? false } : {}),
    ...(summary ? { summary: () => guarded(sink, id, "summary", summary) ?? "" } : {}),
    ...(dispose ? { dispose: () => void guarded(sink, id, "dispose", dispose) } : {}),
  };
}

/** Why these layers can't be drawn over a volume of this shape; null when they can. Views draw much later, where no one would say whose fault it was. */
export function layersFault(layers: readonly OverlayLayer[], shape: MaskShape): string | null {
  for (const { id, mask, color } of layers) {
    const fits =
      mask.columns === shape.columns &&
      mask.rows === shape.rows &&
      mask.slices === shape.slices &&
      mask.rowStart.length === mask.rows * mask.slices + 1;
    if (!fits) return `layer ${id} does not lie on the voxels of this CT`;
    if (!/^#[0-9a-f]{6}$/i.test(color)) return `layer ${id} has the colour "${color}"`;
  }
  return null;
}
