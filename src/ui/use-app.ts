// React's end of the host: the app from context, and any readable value as state.
import { createContext, useCallback, useContext, useSyncExternalStore } from "react";
import type { Readable } from "#core/readable";
import type { App } from "#host/app";
import type { AppState } from "#host/app-state";
import { keyLabel, keysFor } from "#host/key-map";
import { en, type Text } from "./text/en.ts";
import { zh } from "./text/zh.ts";

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("AppContext is missing above this component");
  return app;
}

export function useReadable<T>(readable: Readable<T>): T {
  const subscribe = useCallback((tell: () => void) => readable.subscribe(tell), [readable]);
  return useSyncExternalStore(subscribe, readable.get);
}

/** One part of the state; `select` must return a stored value, not a new object. */
export function useAppState<T>(select: (state: AppState) => T): T {
  const { state } = useApp();
  return useSyncExternalStore(state.subscribe, () => select(state.get()));
}

/** The key that a verb has now, as a reader sees it; empty where it has none. */
export function useKeyLabel(): (id: string, declared: string | undefined) => string {
  const keyMap = useAppState((state) => state.keyMap);
  return (id, declared) => keyLabel(keysFor(keyMap, id, declared));
}

const texts: Record<AppState["locale"], Text> = { en, zh };
export const useText = (): Text => texts[useAppState((state) => state.locale)];
