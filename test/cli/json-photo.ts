/** One line of `whosin identify --json`, schema 1. */

export interface JsonPhoto {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly {
    readonly box: {
      readonly left: number;
      readonly top: number;
      readonly width: number;
      readonly height: number;
    };
    readonly score: number;
    readonly person: string | null;
    readonly probability: number;
    readonly unknown: number;
    readonly candidates: readonly { readonly person: string; readonly probability: number }[];
  }[];
  readonly error?: { readonly code: string };
}

export function photosIn(stdout: string): JsonPhoto[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonPhoto);
}
