/** Before all slow tests, once: the networks that ship, compiled and optimised, in a folder that `warmHome` copies. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openFaceReader } from '../src/faces/find/read-faces.ts';
import { cocoMobilenetV3 } from '../src/models/coco-mobilenet-v3.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { openPackModel } from '../src/pictures/classifier.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { portrait } from './demo-people.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the compiled networks. */
    readonly networks: string;
  }
}

let home: string;

/** Called by vitest. */
export async function setup({ provide }: TestProject): Promise<void> {
  home = await mkdtemp(join(tmpdir(), 'whosin-networks-'));
  const config = { home, threads: 1 };
  const reader = openFaceReader(faceApiPack, config);
  await reader.read(await decodePhoto(await portrait('mona').toBuffer(), 'mona'));
  await reader.close();
  const pictures = await openPackModel(cocoMobilenetV3, config);
  await pictures.close();
  provide('networks', home);
}

/** Likewise, when all tests are over. */
export function teardown(): Promise<void> {
  return rm(home, { recursive: true });
}
