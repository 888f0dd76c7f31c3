/** One candidate on its way into the set: fetched once, looked at, put where it belongs. */

import { open } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { WhosinError } from '../errors.ts';
import { bytesOf } from '../photos/photo-content.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { type LookAt, type PhotoLook, verdictAlone } from './look.ts';
import { exists, type PhotoSet, stageCopy } from './photo-set.ts';
import { extensionOf } from './set-files.ts';
import { keyOf } from './set-state.ts';
import type { Candidate } from './source.ts';
import type { Web } from './web/web.ts';

export interface Intake {
  readonly set: PhotoSet;
  readonly web: Pick<Web, 'file'>;
  readonly lookAt: LookAt;
  readonly minFace: number;
  /** Faces or things that were seen in the photos of the set, by `keyOf`. */
  readonly looks: Map<string, PhotoLook>;
}

/** `good`: one more photo that may stay; the rest adds nothing to the set. */
export type Arrival = 'good' | 'set-aside' | 'copy' | 'failed';

export async function takeIn(
  { set, web, lookAt, minFace, looks }: Intake,
  name: string,
  source: string,
  { from, ...details }: Candidate,
): Promise<Arrival> {
  const address = addressOfCandidate(from);
  const staged = set.staged(address);
  try {
    // A file that was received to the end before a crash is not fetched again.
    if (!(await exists(staged))) {
      const own = [...set.photos.values()].find(
        (photo) => photo.provenance?.address === address && photo.path !== null,
      );
      if (own) await stageCopy(set, own, address);
      else await writeFileAtomically(staged, await bytesFrom(from, web));
    }
  } catch (error) {
    if (!(error instanceof WhosinError) || error.code === 'cannot-write') throw error;
    const { code, message } = error;
    await set.note({ event: 'failed', name, source, address, ...details, code, message });
    return 'failed';
  }
  const look = await lookAt(staged);
  const verdict = verdictAlone(look, minFace);
  const photo = { name, source, address, ...details, ...verdict, sha256: look.sha256 };
  if (!(await set.add(photo, await extensionAt(staged)))) return 'copy';
  looks.set(keyOf(name, look.sha256), look);
  return verdict.reason === null ? 'good' : 'set-aside';
}

export function addressOfCandidate(from: Candidate['from']): string {
  return 'address' in from ? from.address : pathToFileURL(from.path).href;
}

async function bytesFrom(from: Candidate['from'], web: Pick<Web, 'file'>): Promise<Uint8Array> {
  return 'address' in from ? web.file(from.address) : bytesOf(from.path);
}

async function extensionAt(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    return extensionOf(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}
