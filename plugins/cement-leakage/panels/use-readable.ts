// An observable value of the host as React state.
import { useCallback, useSyncExternalStore } from "react";
import type { Readable } from "#core/readable";

export function useReadable<T>(readable: Readable<T>): T {
  const subscribe = useCallback((tell: () => void) => readable.subscribe(tell), [readable]);
  return useSyncExternalStore(subscribe, readable.get);
}
