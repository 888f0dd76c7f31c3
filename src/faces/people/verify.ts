/** RECIPE: do two photos show the same person? */

import { similarity } from '../../core/embedding.ts';
import { WhosinError } from '../../errors.ts';
import {
  type EnrolledFace,
  enrol,
  logLikelihoodRatio,
  project,
  type TwoCovariance,
} from '../../learn/odds/two-covariance.ts';
import type { PhotoInput } from '../../photos/photo-input.ts';
import type { Face, PhotoFaces } from '../find/face.ts';
import { prominences } from '../find/prominence.ts';
import { readAlbum } from '../find/read-album.ts';
import type { Faces } from '../open-faces.ts';
import { type FalseMatchRate, falseMatchRate, loadFalseMatches } from './false-match-rate.ts';

export interface VerifyOptions {
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
  /** Which pairs the false match rates were measured on; null where they never were. */
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
  /** How often two different people have had these odds or higher; null where it was not measured. */
  readonly falseMatchRate: FalseMatchRate | null;
}

/** @throws WhosinError `not-found` (also where a photo shows no face), or why a photo cannot be read */
export async function verifyPhotos(
  a: PhotoInput,
  b: PhotoInput,
  { pack, reader, cache, background }: Pick<Faces, 'pack' | 'reader' | 'cache' | 'background'>,
  { prior = 0.5, all = false }: VerifyOptions = {},
): Promise<Verification> {
  const photos: PhotoFaces[] = [];
  for await (const reading of readAlbum([a, b], reader, cache)) {
    if (reading.kind === 'failure') throw reading.error;
    const { path, photo } = reading;
    if (photo.faces.length === 0) {
      throw new WhosinError('not-found', `No face was found in ${path}.`, { path });
    }
    photos.push(photo);
  }
  const [first, second] = photos as [PhotoFaces, PhotoFaces];
  const table = await loadFalseMatches(pack);
  const taken = (photo: PhotoFaces): readonly Face[] => {
    const prominence = prominences(photo);
    return photo.faces.filter((_, i) => all || prominence[i] === 1);
  };
  const placed = ({ embedding, quality }: Face): EnrolledFace => ({
    z: project(background, embedding.values),
    quality,
  });
  const pairs = taken(first).flatMap((one) =>
    taken(second).map((other): ComparedPair => {
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
    faces: [first.faces.length, second.faces.length],
    pairs: pairs.toSorted((x, y) => y.logOdds - x.logOdds),
    measuredOn: table?.measuredOn ?? null,
  };
}

/** Nothing is certain, whatever the odds. */
function uncertain(p: number): number {
  return Math.min(Math.max(p, 1e-12), 1 - 1e-12);
}

/** Log odds; either face may be the one that is enrolled: where one is unclear the two ways differ a little. */
export function sameOdds(background: TwoCovariance, a: EnrolledFace, b: EnrolledFace): number {
  const there = b.quality * logLikelihoodRatio(enrol(background, [a]), b.z);
  const back = a.quality * logLikelihoodRatio(enrol(background, [b]), a.z);
  return (there + back) / 2;
}
