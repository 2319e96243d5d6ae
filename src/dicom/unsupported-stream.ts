// The stream is sound, but nothing here can read it: 12-bit JPEG, JPEG-LS with mapping tables.

export class UnsupportedStreamError extends Error {}
