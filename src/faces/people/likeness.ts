/**
 * Whom unnamed faces resemble, among people who become known one answer at a time: each person's template, and the
 * odds of each group of faces, can be made anew without the others.
 */

import { createHash } from 'node:crypto';
import { groupedBy } from '../../core/grouped.ts';
import { sumOfGroup } from '../../learn/cluster/evidence.ts';
import { openMeanOdds } from '../../learn/odds/mean-odds.ts';
import { eachRowsOdds, faceOfRow, type MeanRows } from '../../learn/odds/mean-rows.ts';
import { openSetPosterior } from '../../learn/odds/open-set.ts';
import { type Recalibration, recalibrated, unchanged } from '../../learn/odds/recalibration.ts';
import { enrolByStage, type StagedFace, type StagedTemplate } from '../../learn/odds/stages.ts';
import {
  type Component,
  type EnrolledFace,
  enrol,
  enrolSum,
  logLikelihoodRatio,
  type MeanFace,
  project,
  type Template,
  type TwoCovariance,
} from '../../learn/odds/two-covariance.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';
import { enrolPeople } from './enrolment.ts';

export type { EnrolledFace, MeanRows, StagedTemplate };

/** A face that is known to be somebody's, with the stage of life that they were in. */
export interface KnownFace extends StagedFace {
  /** Photos that were taken in one go, or are nearly the same picture, are one piece of evidence. */
  readonly event: number;
}

/** More occasions than this tell hardly more about a person. */
const mostEvents = 100;

/** An embedding in the coordinates that the odds use. */
export function placedBy(background: TwoCovariance, embedding: Float32Array): { readonly z: Float32Array } {
  return { z: project(background, embedding) };
}

/** Names the way from embeddings to coordinates: where it differs, so do coordinates. */
export function projectionOf({ mean, basis, between, noise, crowd }: TwoCovariance): string {
  const hash = createHash('sha256');
  const parts = [mean, basis, between, noise, crowd?.quadratic, crowd?.linear, crowd?.constant];
  for (const part of parts) hash.update(part ?? new Float32Array(0));
  return hash.digest('hex').slice(0, 16);
}

/** @param faces in the order of time */
export function templateOf(background: TwoCovariance, faces: readonly KnownFace[]): StagedTemplate {
  return enrolByStage(background, keptEvents(faces));
}

/** All that is known of a person, added up: enough to tell who may be likely. */
export interface PersonPlace {
  readonly weight: number;
  readonly trust: number;
  /** [k] */
  readonly mean: Float32Array;
}

/** @param faces in the order of time */
export function placeOfPerson(faces: readonly KnownFace[]): PersonPlace {
  if (faces.length === 0) return { weight: 0, trust: 0, mean: new Float32Array(0) };
  return sumOfGroup(keptEvents(faces));
}

function keptEvents(faces: readonly KnownFace[]): readonly (PooledFace & StagedFace)[] {
  const events = [...groupedBy(faces, ({ event }) => event).values()].map((own) => ({
    ...pooled(own),
    stage: own[0]!.stage,
  }));
  const step = Math.max(1, events.length / mostEvents);
  return Array.from({ length: Math.min(events.length, mostEvents) }, (_, i) => events[Math.floor(i * step)]!);
}

/** Faces that are one person, taken together: each as far as it is clear, all as clear as the clearest. */
export interface PooledFace extends MeanFace {
  readonly quality: number;
}

export function pooled(faces: readonly EnrolledFace[]): PooledFace {
  const k = faces[0]!.z.length;
  const [sum, squares] = [new Float64Array(k), new Float64Array(k)];
  let [weight, clearest] = [0, 0];
  for (const { z, quality } of faces) {
    // A quite unclear face counts only if there is no other.
    const own = quality + 1e-6;
    for (let j = 0; j < k; j++) {
      sum[j]! += z[j]! * own;
      squares[j]! += z[j]! * z[j]! * own;
    }
    weight += own;
    clearest = Math.max(clearest, quality);
  }
  const mean = (value: number): number => value / weight;
  return { z: Float32Array.from(sum, mean), squares: Float32Array.from(squares, mean), quality: clearest };
}

/** People among whom the likeliest are looked for first, and so many of them are compared exactly. */
const mostPeople = 64;
const shortlisted = 32;

/**
 * The people who may be likely for some faces; all of them if they are few.
 *
 * @param people those who have faces
 * @returns their indices
 */
export function openShortlist(
  background: TwoCovariance,
  people: readonly PersonPlace[],
): (faces: MeanFace) => Iterable<number> {
  if (people.length <= mostPeople) return () => people.keys();
  const templates = people.map(({ mean, weight, trust }) =>
    openMeanOdds(enrolSum(background, { z: Float64Array.from(mean, (v) => v * weight), weight, trust })),
  );
  return (faces) => {
    const odds = Float64Array.from(templates, (oddsOf) => oddsOf(faces));
    const least = odds.toSorted()[odds.length - shortlisted]!;
    return [...people.keys()].filter((i) => odds[i]! >= least);
  };
}

/** How much likelier a face may be by one photo of a person than by all of them together, in log odds. */
const mostByOne = 12;

/**
 * Sets of faces whose likeness to a person reaches `least`. Most are far from most people, and that shows in the person's
 * places alone, before the photos are looked at one by one.
 */
export function likeThem(
  template: StagedTemplate,
  least: number,
  all: MeanRows,
): { readonly row: number; readonly odds: number }[] {
  const { components, places } = template;
  const found: { readonly row: number; readonly odds: number }[] = [];
  const odds = openMeanOdds(template);
  const add = (row: number, own: number): void => {
    if (own > least) found.push({ row, odds: own });
  };
  if (components.length === places) eachOdds(components, all, add);
  else {
    eachOdds(components.slice(0, places), all, (row, near) => {
      if (near >= least - mostByOne) add(row, odds(faceOfRow(all, row)));
    });
  }
  return found;
}

/** In order. Most people have one component, which is compared faster. */
function eachOdds(
  components: readonly Component[],
  all: MeanRows,
  look: (row: number, odds: number) => void,
): void {
  if (components.length === 1) {
    eachRowsOdds(components[0]!, all, look);
    return;
  }
  const odds = openMeanOdds({ components });
  for (let row = 0; row < all.count; row++) look(row, odds(faceOfRow(all, row)));
}

/** log P(faces | person) / P(faces | somebody else), before quality and recalibration are weighed in. */
export function likeness(template: Template, faces: MeanFace): number {
  return openMeanOdds(template)(faces);
}

/**
 * Which of several sets of faces a face is most like; undefined if it is like none of them.
 *
 * @returns the index of the set
 */
export function mostLike(
  background: TwoCovariance,
  sets: readonly (readonly EnrolledFace[])[],
): (face: EnrolledFace) => number | undefined {
  const templates = sets.map((faces) => enrol(background, faces));
  return ({ z }) => {
    const odds = templates.map((template) => logLikelihoodRatio(template, z));
    const best = odds.reduce((a, value, i) => (value > odds[a]! ? i : a), 0);
    return odds[best]! > 0 ? best : undefined;
  };
}

export interface PersonShare {
  readonly person: number;
  readonly probability: number;
}

export interface LikenessSetting {
  /** How many people are known. */
  readonly people: number;
  /** Scale and offset of the odds among these people. */
  readonly recalibration: Recalibration;
}

/** Odds as they came. */
export const uncalibrated: Recalibration = unchanged;

/**
 * Scale and offset of odds among these people: each face is a probe with its person known by the other faces, and with
 * its person left out. As they came where too few people have two faces.
 */
export async function calibrated(
  background: TwoCovariance,
  people: readonly (readonly KnownFace[])[],
  compute: OpenComputation,
): Promise<Recalibration> {
  const examples = people.flatMap((faces, person) =>
    faces.map(({ z, quality, event }) => ({ z, quality, person, group: event })),
  );
  const options = { steps: 0, precision: null, priorUnknown: priorUnnamed };
  const { recalibration } = await enrolPeople(background, people.length, examples, [], compute, options);
  return recalibration ?? unchanged;
}

/** Before looking, every second face is somebody whom nobody has named. */
const priorUnnamed = 0.5;

/** Others who are listed may be that much less likely than people who are not: as many as are ever listed. */
const mostListed = 8;

/** No face with these odds is this person with a higher probability, whoever else it may be. */
export function mostProbable(odds: number, { people, recalibration }: LikenessSetting): number {
  const alone = { people: Math.max(1, people - mostListed), recalibration };
  return likeliest([{ person: 0, likeness: odds, besides: 0 }], 1, alone)[0]!.probability;
}

/**
 * The likeliest people for a face, and how likely each is. People who are not listed are as good as impossible.
 *
 * @param odds what `likeness` says of each, and what else speaks for or against them, as log odds
 */
export function likeliest(
  odds: readonly { readonly person: number; readonly likeness: number; readonly besides: number }[],
  quality: number,
  { people, recalibration }: LikenessSetting,
): PersonShare[] {
  const logOdds = odds.map(
    ({ likeness: own, besides }) => recalibrated(recalibration, own, quality) + besides,
  );
  const unlisted = { count: Math.max(0, people - odds.length), odds: 0 };
  const { people: shares } = openSetPosterior(logOdds, priorUnnamed, unlisted);
  return odds
    .map(({ person }, i) => ({ person, probability: shares[i]! }))
    .toSorted((a, b) => b.probability - a.probability || a.person - b.person);
}
