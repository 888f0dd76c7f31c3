/** Whatever has a name of its own and comes from a file: what `pack.json` says of it. */

import type { FaceDetectorPack } from './face-detector-pack.ts';
import type { FaceEmbedderPack } from './face-embedder-pack.ts';
import type { PicturePack } from './picture-pack.ts';
import type { WeightFile } from './weight-file.ts';

interface Packs {
  readonly picture: PicturePack;
  readonly 'face-embedder': FaceEmbedderPack;
  readonly 'face-detector': FaceDetectorPack;
}

export type PackKind = keyof Packs;
export type PackOf<K extends PackKind> = Packs[K];
export type Pack = PackOf<PackKind>;

export function isPackOf<K extends PackKind>(kind: K, pack: Pack): pack is PackOf<K> {
  return pack.kind === kind;
}

export function filesOf(pack: Pack): readonly WeightFile[] {
  if (pack.kind === 'picture') return pack.graph.files;
  return pack.kind === 'face-embedder' ? [pack.graph, pack.background] : [pack.graph];
}
