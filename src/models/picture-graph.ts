/** The graphs of a pack for whole pictures: one for each output, without what it does not need. */

import type { GraphSpec } from './network.ts';
import { type PictureOutput, type PicturePack, pictureRequest } from './picture-pack.ts';

/** Raised whenever the compiler (graph/compile-picture.ts) writes another graph from the same pack. */
const compilerVersion = 3;

/** Throws `not-found` where the pack has no such output. */
export function pictureGraph(pack: PicturePack, output: PictureOutput): GraphSpec {
  return {
    name: `${pack.name}-${output}`,
    files: pack.graph.files,
    compiler: { name: 'picture', version: compilerVersion, settings: pictureRequest(pack, output) },
  };
}
