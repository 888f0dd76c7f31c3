/** The default pack, or the same with a detector of a file: `--detector=FILE` of several scripts. And how titles tell of it. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { faceApiPack } from '../../src/models/face-api.ts';
import { withDetector, yunetLicence } from '../../src/models/face-detector-pack.ts';
import type { FacePack } from '../../src/models/face-pack.ts';
import { yunetParts } from '../../src/models/graph/yunet.ts';

/** @param path a YuNet, run with canvases of any size, as `models add` runs it */
export async function packWithDetector(path: string): Promise<FacePack> {
  const bytes = await readFile(path);
  const { canvas: _, ...parts } = yunetParts(bytes, path);
  const full = resolve(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return withDetector(faceApiPack, {
    kind: 'face-detector',
    name: 'yunet',
    licence: yunetLicence,
    source: path,
    parts,
    graph: { folder: dirname(full), path: basename(full), sha256 },
  });
}

const flag = process.argv.find((argument) => argument.startsWith('--detector='))?.slice('--detector='.length);

/** As the command line has it. */
export const benchPack = flag === undefined ? faceApiPack : await packWithDetector(flag);

const { weightBits } = readConfig();

/** The beginning of titles of results. */
export const withWhich = [
  ...(flag === undefined ? [] : [`With ${basename(flag, '.onnx')}: `]),
  ...(weightBits ? [`With weights of ${weightBits} bits: `] : []),
].join('');
