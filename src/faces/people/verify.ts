/** RECIPE: do two photos show the same person? */

import { checkProbability } from '../../core/checked-numbers.ts';
import { type SpaceId, similarity } from '../../core/embedding.ts';
import { WhosinError } from '../../errors.ts';
import type { BoundedRate } from '../../learn/odds/rate-table.ts';
import {
  type EnrolledFace,
  enrol,
  faceOdds,
  project,
  type TwoCovariance,
} from '../../learn/odds/two-covariance.ts';
import type { PhotoInput } from '../../photos/photo-input.ts';
import type { ReadOptions } from '../../photos/read-photos.ts';
import type { Face, PhotoFaces } from '../find/face.ts';
import { prominences } from '../find/prominence.ts';
import { readAlbum } from '../find/read-album.ts';
import type { Faces } from '../open-faces.ts';
import { falseMatchRate, loadFalseMatches } from './false-match-rate.ts';

export interface VerifyOptions extends Pick<ReadOptions, 'keep'> {
  /** Probability, before looking, that it is the same person; 0.5 if left out. */
  readonly prior?: number;
  /** Compare every face of one photo with every face of the other, not only the largest. */
  readonly all?: boolean;
}

export interface Verification {
  /** How many faces were found in each photo. */
  readonly faces: readonly [number, number];
  /** The likeliest to be one person first. */
  readonly pairs: readonly ComparedPair[];
  /** Which pairs the false match rates were measured on; null if they never were. */
  readonly measuredOn: string | null;
}

export interface ComparedPair {
  readonly faces: readonly [Face, Face];
  /** Probability that the two are one person. */
  readonly probability: number;
  /** Natural logarithm of P(both faces | one person) / P(both faces | two people). */
  readonly logOdds: number;
  /** Cosine of the angle between the embeddings, −1 to 1. */
  readonly similarity: number;
  /** How often two different people have had these odds or higher; null if it was not measured. */
  readonly falseMatchRate: BoundedRate | null;
}

/**
 * Two photos, or two faces that were found before, in any mixture.
 *
 * @throws WhosinError `not-found` (also if a photo shows no face), or why a photo cannot be read; `wrong-space` for a
 *   face that lies in another space
 */
export async function verifyPhotos(
  a: PhotoInput | Face,
  b: PhotoInput | Face,
  { pack, reader, cache, background }: Pick<Faces, 'pack' | 'reader' | 'cache' | 'background'>,
  { prior = 0.5, all = false, keep }: VerifyOptions = {},
): Promise<Verification> {
  checkProbability('prior', prior);
  const shown = new Map<PhotoInput, PhotoFaces>();
  const inputs = [a, b].filter((one): one is PhotoInput => !isFace(one));
  for await (const reading of readAlbum(inputs, reader, cache, { keep })) {
    if (reading.kind === 'failure') throw reading.error;
    const { path, photo } = reading;
    if (photo.faces.length === 0) {
      throw new WhosinError('not-found', `No face was found in ${path}.`, { path });
    }
    shown.set(inputs[shown.size]!, photo);
  }
  const facesOf = (one: PhotoInput | Face): { readonly found: number; readonly taken: readonly Face[] } => {
    if (isFace(one)) return { found: 1, taken: [inSpace(one, reader.space)] };
    const photo = shown.get(one)!;
    const prominence = prominences(photo);
    return {
      found: photo.faces.length,
      taken: photo.faces.filter((_, i) => all || prominence[i] === 1),
    };
  };
  const [first, second] = [facesOf(a), facesOf(b)];
  const table = await loadFalseMatches(pack);
  const placed = ({ embedding, quality }: Face): EnrolledFace => ({
    z: project(background, embedding.values),
    quality,
  });
  const pairs = first.taken.flatMap((one) =>
    second.taken.map((other): ComparedPair => {
      const logOdds = sameOdds(background, placed(one), placed(other));
      return {
        faces: [one, other],
        probability: uncertain(1 / (1 + Math.exp(-logOdds) * (1 / prior - 1))),
        logOdds,
        similarity: similarity(one.embedding, other.embedding),
        falseMatchRate: table ? falseMatchRate(table, logOdds) : null,
      };
    }),
  );
  return {
    faces: [first.found, second.found],
    pairs: pairs.toSorted((x, y) => y.logOdds - x.logOdds),
    measuredOn: table?.measuredOn ?? null,
  };
}

function isFace(one: PhotoInput | Face): one is Face {
  return typeof one === 'object' && 'embedding' in one;
}

function inSpace(face: Face, space: SpaceId): Face {
  if (face.embedding.space === space) return face;
  throw new WhosinError(
    'wrong-space',
    `A face lies in the embedding space "${face.embedding.space}", photos are read in "${space}": use one embedder for both.`,
  );
}

/** Nothing is certain, whatever the odds. */
function uncertain(p: number): number {
  return Math.min(Math.max(p, 1e-12), 1 - 1e-12);
}

/** Log odds; either face may be the one that is enrolled: where one is unclear the two ways differ a little. */
export function sameOdds(background: TwoCovariance, a: EnrolledFace, b: EnrolledFace): number {
  const there = faceOdds(enrol(background, [a]), b);
  const back = faceOdds(enrol(background, [b]), a);
  return (there + back) / 2;
}
