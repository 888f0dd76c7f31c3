/** Looks at the photos that a set has already. */

import { join } from 'node:path';
import type { SeenPhoto } from './judge.ts';
import type { LookAt, PhotoLook } from './look.ts';
import type { SetPhoto } from './set-state.ts';

interface ReadableSet {
  readonly root: string;
  readonly photos: ReadonlyMap<string, SetPhoto>;
}

/** By `keyOf`. A broken photo stays so, and a removed one is not looked at. */
export async function lookAtSet(
  { root, photos }: ReadableSet,
  lookAt: LookAt,
  onPhoto: (done: number, total: number) => void = () => {},
): Promise<Map<string, PhotoLook>> {
  const looks = new Map<string, PhotoLook>();
  const wanted = [...photos].filter(([, { path, reason }]) => path !== null && reason !== 'broken');
  for (const [i, [key, { path }]] of wanted.entries()) {
    looks.set(key, await lookAt(join(root, path!)));
    onPhoto(i + 1, wanted.length);
  }
  return looks;
}

/** The photos that were looked at. */
export function seen(
  photos: ReadonlyMap<string, SetPhoto>,
  looks: ReadonlyMap<string, PhotoLook>,
): SeenPhoto[] {
  return [...photos].flatMap(([key, photo]) => {
    const look = looks.get(key);
    return look === undefined || photo.path === null ? [] : [{ ...photo, look }];
  });
}
