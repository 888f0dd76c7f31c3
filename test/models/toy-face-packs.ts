/** Packs of the toy embedders, in a folder as `whosin models add` leaves them. */

import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBackground } from '../../src/faces/people/write-background.ts';
import type { FaceDetectorPack } from '../../src/models/face-detector-pack.ts';
import { embedderSpace, type FaceEmbedderPack } from '../../src/models/face-embedder-pack.ts';
import { embedderParts } from '../../src/models/graph/onnx-embedder-parts.ts';
import { yunetParts } from '../../src/models/graph/yunet.ts';
import type { FolderFile } from '../../src/models/weight-file.ts';
import { crowdedBackground } from '../synthetic-people.ts';
import { type ToyYunet, toyYunet } from './toy-detectors.ts';
import { toyEmbedder, type toyEmbedders } from './toy-embedders.ts';

/** Its background knows nothing of faces. */
export async function toyFacePack(
  folder: string,
  family: keyof typeof toyEmbedders,
): Promise<FaceEmbedderPack> {
  await mkdir(folder, { recursive: true });
  const bytes = toyEmbedder(family);
  const graph = await put(folder, `${family}.onnx`, bytes);
  const parts = embedderParts(bytes, graph.path);
  const background = writeBackground(crowdedBackground(parts.size), embedderSpace(parts, graph), 'made up');
  return {
    kind: 'face-embedder',
    name: `toy-${family}`,
    licence: 'MIT',
    source: 'made in a test',
    reference: 'made up',
    parts,
    graph,
    background: await put(folder, `${family}-background.onnx`, background),
  };
}

/** As it declares itself. */
export async function toyDetectorPack(
  folder: string,
  name: string,
  toy: ToyYunet,
): Promise<FaceDetectorPack> {
  const bytes = toyYunet(toy);
  const graph = await put(folder, `${name}.onnx`, bytes);
  const parts = yunetParts(bytes, graph.path);
  return { kind: 'face-detector', name, licence: 'MIT', source: 'made in a test', parts, graph };
}

async function put(folder: string, path: string, bytes: Uint8Array): Promise<FolderFile> {
  await writeFile(join(folder, path), bytes);
  return { folder, path, sha256: createHash('sha256').update(bytes).digest('hex') };
}
