/** Bytes by the name of their file. */
export type OddFiles = Readonly<Record<string, Uint8Array>>;
