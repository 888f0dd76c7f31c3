/** Looks again at the photos of a set and at those set aside; moves nothing. */

import type { Face } from '../faces/find/face.ts';
import type { ContentHashes } from '../photos/content-hashes.ts';
import type { PhotoEntry, Reason } from './journal.ts';
import { type JudgeOptions, judge } from './judge.ts';
import type { LookAt, Verdict } from './look.ts';
import { lookAtSet, seen } from './look-at-set.ts';
import { readSet } from './photo-set.ts';
import { keyOf } from './set-state.ts';

export interface ReviewedPhoto {
  readonly name: string;
  /** Relative to the set, with forward slashes. */
  readonly path: string;
  /** Null if it is part of the set. */
  readonly reason: Reason | null;
  readonly why?: string;
  /** A person put it where it is. */
  readonly byPerson: boolean;
  /** The verdict of whosin on a photo that is part of the set because a person put it there. */
  readonly doubt?: Verdict;
  readonly size?: { readonly width: number; readonly height: number };
  /** How many faces it shows, and the one that is taken for the person. */
  readonly faces?: number;
  readonly face?: Face;
  /** Its face says neither yes nor no. */
  readonly unclear?: boolean;
  readonly provenance?: PhotoEntry;
}

export interface Review {
  readonly root: string;
  readonly names: readonly string[];
  /** In the order of names, then of paths. */
  readonly photos: readonly ReviewedPhoto[];
  /** Addresses that gave no photo. */
  readonly failed: number;
}

/** Any folder of labelled photos can be reviewed, whoever made it. */
export async function review(
  root: string,
  lookAt: LookAt,
  { hashes, ...options }: JudgeOptions & { readonly hashes?: ContentHashes },
  onPhoto?: (done: number, total: number) => void,
): Promise<Review> {
  const { photos, failed } = await readSet(root, hashes);
  const looks = await lookAtSet({ root, photos }, lookAt, onPhoto);
  const judged = await judge(seen(photos, looks), options);
  const judgements = new Map(judged.map((one) => [keyOf(one.photo.name, one.photo.sha256), one]));
  const reviewed = [...photos].flatMap(([key, photo]): ReviewedPhoto[] => {
    const { name, path, reason, why, fixed, provenance } = photo;
    if (path === null) return [];
    const look = looks.get(key);
    const judgement = judgements.get(key);
    const visible = look !== undefined && !('broken' in look) ? look : undefined;
    const face = judgement?.face === undefined ? undefined : visible?.faces?.[judgement.face];
    const doubted = reason === null && judgement !== undefined && judgement.reason !== null;
    return [
      {
        name,
        path,
        reason,
        byPerson: fixed,
        ...(why !== undefined && { why }),
        ...(doubted && { doubt: { reason: judgement.reason, ...(judgement.why && { why: judgement.why }) } }),
        ...(visible && { size: { width: visible.width, height: visible.height } }),
        ...(visible?.faces && { faces: visible.faces.length }),
        ...(face && { face }),
        ...(judgement?.unclear && { unclear: true }),
        ...(provenance && { provenance }),
      },
    ];
  });
  return {
    root,
    names: [...new Set(reviewed.map(({ name }) => name))].toSorted(),
    photos: reviewed.toSorted((a, b) => compare(a.name, b.name) || compare(a.path, b.path)),
    failed: failed.size,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
