/**
 * The inputs and outputs of a network, as plain data. All networks speak one language, whatever they were trained with:
 * bytes of RGB pixels in, [n, height, width, 3], and outputs as named here. The preparation of the input and the
 * decoding of boxes are part of the compiled graph, so weights never travel without them.
 */

import type { Compiler } from './compilers.ts';
import type { Dimension } from './graph/writer.ts';
import type { OwnFile, PackagedFile, WeightFile } from './weight-file.ts';

export interface ValueSpec {
  readonly name: string;
  readonly type: 'uint8' | 'float32';
  readonly shape: readonly Dimension[];
}

/** A graph, by all that its bytes follow from. */
export interface GraphSpec {
  /** Compiled graphs are files of their own, named after this. */
  readonly name: string;
  /** The weights last; before them what says where they lie in their file, unless that says so itself. */
  readonly files: readonly WeightFile[];
  readonly compiler: Compiler;
  /** The ranges that its values were seen to have (graph/quantise.ts): with them the network calculates with 8 bits. */
  readonly ranges?: OwnFile;
}

export interface NetworkSpec extends GraphSpec {
  readonly input: ValueSpec;
  readonly outputs: readonly ValueSpec[];
  readonly licence: string;
  readonly source: string;
}

/** A network inside an npm package, as TensorFlow.js has it. */
export interface PackagedNetwork extends NetworkSpec {
  readonly files: readonly [manifest: PackagedFile, weights: PackagedFile];
}

/** The file that the weights are in. */
export function weightsOf({ files }: GraphSpec): WeightFile {
  return files.at(-1)!;
}
