// Small things that several tables need.

export const isNotNull = <T>(value: T | null): value is T => value !== null;
