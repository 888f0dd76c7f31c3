/** The lists of an evaluation: what each person's photos came to, and every photo to look at again. */

import { dot } from '../../core/embedding.ts';
import type { Box } from '../../core/geometry.ts';
import { wilson } from '../../learn/measure/intervals.ts';
import type { ChosenPhoto, PhotoProbe } from './labelled-faces.ts';

/** The photo and the box of a face. */
export interface FacePlace {
  readonly path: string;
  readonly box: Box<'px'>;
}

export interface PersonRow {
  readonly person: string;
  readonly photos: number;
  readonly right: number;
  readonly wrong: number;
  readonly unknown: number;
  readonly noFace: number;
  /** 95 % interval of the share that is right. */
  readonly low: number;
  readonly high: number;
}

/** A name that was given and is wrong. */
export interface Mistake extends FacePlace {
  /** Whose face it is: a folder's name, or where a stranger's photos lie. */
  readonly subject: string;
  readonly given: string;
  readonly probability: number;
  /** The face of the person it was taken for that is most like it; null if the folder has none. */
  readonly takenFor: FacePlace | null;
}

export interface UnnamedPhoto extends FacePlace {
  readonly person: string;
  /** Probability of the right name. */
  readonly probability: number;
}

export interface LikelyWrongLabel extends FacePlace {
  readonly person: string;
  /** Whose folder the photo fits, if there is one. */
  readonly looksLike?: string;
}

/** One row for each enrolled person, the least recognised first. */
export function personRows(enrolled: readonly PhotoProbe[], minProbability: number): PersonRow[] {
  const bySubject = new Map<string, PhotoProbe[]>();
  for (const probe of enrolled) {
    bySubject.set(probe.subject, [...(bySubject.get(probe.subject) ?? []), probe]);
  }
  const rows = [...bySubject].map(([person, own]) => {
    const found = own.flatMap(({ answer }) => answer ?? []);
    const named = found.filter(({ probability }) => probability >= minProbability);
    const right = named.filter(({ best }) => best === person).length;
    return {
      person,
      photos: own.length,
      right,
      wrong: named.length - right,
      unknown: found.length - named.length,
      noFace: own.length - found.length,
      ...wilson(right, own.length),
    };
  });
  return rows.toSorted((a, b) => a.right / a.photos - b.right / b.photos || b.photos - a.photos);
}

/**
 * Each with the face that explains it best, the surest first.
 *
 * @param people their photos are what a mistaken face is compared with
 */
export function mistakes(probes: readonly PhotoProbe[], people: readonly ChosenPhoto[]): Mistake[] {
  return probes
    .map(({ subject, path, face, answer }) => {
      const { best: given, probability } = answer!;
      const { box, embedding } = face!;
      return {
        subject,
        path,
        box,
        given,
        probability,
        takenFor: mostAlike(embedding.values, given, path, people),
      };
    })
    .toSorted((a, b) => b.probability - a.probability);
}

function mostAlike(
  values: Float32Array,
  person: string,
  except: string,
  photos: readonly ChosenPhoto[],
): FacePlace | null {
  let best: { readonly place: FacePlace; readonly similarity: number } | null = null;
  for (const photo of photos) {
    if (photo.person !== person || photo.path === except || photo.choice === null) continue;
    if (photo.choice.verdict === 'doubtful') continue;
    const face = photo.faces[photo.choice.face]!;
    const similarity = dot(values, face.embedding.values);
    if (best === null || similarity > best.similarity) {
      best = { place: { path: photo.path, box: face.box }, similarity };
    }
  }
  return best?.place ?? null;
}

/** Enrolled people who were given no name, those who came nearest first. */
export function calledUnknown(probes: readonly PhotoProbe[]): UnnamedPhoto[] {
  return probes
    .map(({ subject, path, face, answer }) => ({
      path,
      box: face!.box,
      person: subject,
      probability: answer!.truth,
    }))
    .toSorted((a, b) => b.probability - a.probability);
}

/** Nothing is left out for being listed here: a photo counts under the name of its folder. */
export function likelyWrongLabels(photos: readonly ChosenPhoto[]): LikelyWrongLabel[] {
  return photos.flatMap(({ path, person, faces, choice }) => {
    if (choice?.verdict !== 'doubtful') return [];
    const { face, looksLike } = choice;
    return [{ path, box: faces[face]!.box, person, ...(looksLike !== undefined && { looksLike }) }];
  });
}
