/** The torture folder as `identify --json` answers about it: one outcome for each file. */

import { relative, sep } from 'node:path';

/** A line of the output, as far as it matters here. */
interface Line {
  readonly file: string;
  readonly width?: number;
  readonly height?: number;
  readonly damage?: { readonly kind: string };
  readonly error?: { readonly code: string; readonly message: string };
}

export interface Outcome {
  /** The path within the folder. */
  readonly path: string;
  /** Its first folder. */
  readonly kind: string;
  /** "4000 × 3000", "4000 × 3000, damaged", or the reason why it could not be read, without its name. */
  readonly answer: string;
  readonly refused: boolean;
}

export function outcomesIn(stdout: string, root: string): Outcome[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((text) => {
      const { file, width, height, damage, error } = JSON.parse(text) as Line;
      const path = relative(root, file);
      const size = `${width} × ${height}${damage ? ', damaged' : ''}`;
      return {
        path,
        kind: path.split(sep)[0]!,
        answer: error ? error.message.replace(`${file} `, '') : size,
        refused: error !== undefined,
      };
    });
}
