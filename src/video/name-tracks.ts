/** Every track gets its own decision, and the unknown ones become people by their looks. */

import { groupFaces } from '../faces/people/cluster.ts';
import { type Decision, decision, posterior } from '../faces/people/gallery.ts';
import type { PeopleModel } from '../faces/people/model-file.ts';
import { project, type TwoCovariance } from '../learn/odds/two-covariance.ts';
import { assignOverTime, overlapInTime } from './joint-over-time.ts';
import { poolFaces, type Track } from './track.ts';

export interface NamedTrack extends Track {
  /** About all frames of the track together. */
  readonly decision: Decision;
  /** How clear the clearest face is. */
  readonly quality: number;
  /** Unknown tracks of one person share a number, from 1; null for a named track, and for one too unclear to tell. */
  readonly unknown: number | null;
}

/** A face that is never clearer than this cannot be told from others. */
const tooUnclear = 0.2;

/** Decides about all tracks together: a person is in a frame once, unless the picture holds mirrors or screens. */
export function nameTracks(
  model: PeopleModel,
  background: TwoCovariance,
  tracks: readonly Track[],
  { allowRepeats = false }: { readonly allowRepeats?: boolean },
): NamedTrack[] {
  const probes = tracks.map(({ faces }) => poolFaces(faces));
  const alone = probes.map((probe) => posterior(model, probe));
  const posteriors = allowRepeats
    ? alone
    : assignOverTime(tracks.map(({ from, to }, i) => ({ from, to, alone: alone[i]! })));
  const decisions = posteriors.map((each) => decision(model, each));
  const settled = allowRepeats ? decisions : decisions.map((_, i) => withoutRepeats(tracks, decisions, i));

  const strangers = tracks.flatMap((_, i) =>
    settled[i]!.kind === 'unknown' && probes[i]!.quality >= tooUnclear ? [i] : [],
  );
  const groups = groupFaces(
    background,
    strangers.map((i) => {
      const { embedding, quality } = probes[i]!;
      return { z: project(background, embedding.values), quality, photo: '' };
    }),
    (a, b) => overlapInTime(tracks[strangers[a]!]!, tracks[strangers[b]!]!),
  );
  // Numbered in the order in which they are first seen.
  const firstSeen = (group: readonly number[]): number =>
    Math.min(...group.map((k) => tracks[strangers[k]!]!.from));
  const numbers = new Map(
    groups
      .toSorted((a, b) => firstSeen(a) - firstSeen(b))
      .flatMap((group, n) => group.map((k) => [strangers[k]!, n + 1] as const)),
  );
  return tracks.map((track, i) => ({
    ...track,
    decision: settled[i]!,
    quality: probes[i]!.quality,
    unknown: numbers.get(i) ?? null,
  }));
}

/** With a low `minProbability` two tracks of one moment may both reach it for a name: the likelier one has it. */
function withoutRepeats(tracks: readonly Track[], decisions: readonly Decision[], i: number): Decision {
  const own = decisions[i]!;
  if (own.kind === 'unknown') return own;
  const likelier = decisions.some(
    (other, j) =>
      j !== i &&
      other.kind === 'known' &&
      other.person === own.person &&
      (other.probability > own.probability || (other.probability === own.probability && j < i)) &&
      overlapInTime(tracks[i]!, tracks[j]!),
  );
  if (!likelier) return own;
  const { unknown, candidates } = own;
  return { kind: 'unknown', probability: unknown, unknown, candidates };
}
