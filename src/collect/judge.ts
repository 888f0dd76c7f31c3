/**
 * Which photos of a set can be trusted, decided about all of them together: copies are dropped, across names too, and
 * the person is the one whom the photos of a name agree on. It follows from the photos alone, not from the order in
 * which they came, so a run that was cut short comes to the same set.
 */

import type { Faces } from '../faces/open-faces.ts';
import { type Choice, chooseFaces, labelledFaces } from '../faces/people/consensus.ts';
import { groupNearDuplicates } from '../photos/near-duplicates.ts';
import { type PhotoLook, sizeOf, tooSmall, type Verdict, verdictAlone } from './look.ts';
import { keyOf, type SetPhoto } from './set-state.ts';

export interface SeenPhoto extends SetPhoto {
  readonly look: PhotoLook;
}

/** The opinion of a photo, whoever may have decided otherwise. */
export interface Judgement extends Verdict {
  readonly photo: SeenPhoto;
  /** Which of its faces is the person; of a photo that is compared with nothing, none. */
  readonly face?: number;
  /** Its face says neither yes nor no: it stays, and `train` leaves it out. */
  readonly unclear?: boolean;
}

export interface JudgeOptions {
  /** Compares people; undefined if the subjects are things: then only copies are found. */
  readonly people?: Pick<Faces, 'background' | 'compute'>;
  /** Faces smaller than so many pixels tell little of a person. */
  readonly minFace: number;
}

type Clear = SeenPhoto & { readonly look: Exclude<PhotoLook, { readonly broken: string }> };

/** @returns a judgement for each photo */
export async function judge(photos: readonly SeenPhoto[], options: JudgeOptions): Promise<Judgement[]> {
  const verdicts = new Map<SeenPhoto, Omit<Judgement, 'photo'>>();
  // The choice of faces starts from the first photos: these must be the same ones in every run.
  const ordered = photos.toSorted((a, b) => (keyOf(a.name, a.sha256) < keyOf(b.name, b.sha256) ? -1 : 1));
  for (const photo of ordered) verdicts.set(photo, verdictAlone(photo.look, options.minFace));
  const clear = ordered.filter((photo): photo is Clear => verdicts.get(photo)!.reason === null);
  const groups = groupNearDuplicates(clear.map(({ look }) => look.perceptualHash));
  const groupOf = new Map(clear.map((photo, i) => [photo, groups[i]!]));

  const apart = withoutCopies(clear, groupOf, verdicts);
  const choices = options.people ? await choose(apart, options.people) : new Map<Clear, Choice>();
  for (const [photo, choice] of choices) verdicts.set(photo, verdictOf(photo, choice, options.minFace));
  dropCopiesOfOthers(apart, groupOf, choices, verdicts);
  return ordered.map((photo) => ({ photo, ...verdicts.get(photo)! }));
}

/** The best of the copies within a name stays: the one that a person decided about, else the largest. */
function withoutCopies(
  clear: readonly Clear[],
  groupOf: ReadonlyMap<Clear, number>,
  verdicts: Map<SeenPhoto, Omit<Judgement, 'photo'>>,
): Clear[] {
  const best = new Map<string, Clear>();
  const better = (a: Clear, b: Clear): boolean => {
    if (a.fixed !== b.fixed) return a.fixed;
    return a.look.width * a.look.height > b.look.width * b.look.height;
  };
  const groupKey = (photo: Clear): string => keyOf(photo.name, String(groupOf.get(photo)));
  for (const photo of clear) {
    const other = best.get(groupKey(photo));
    if (other === undefined || better(photo, other)) best.set(groupKey(photo), photo);
  }
  return clear.filter((photo) => {
    const kept = best.get(groupKey(photo))!;
    if (kept !== photo) verdicts.set(photo, copyOf(kept));
    // A photo that a person set aside is no evidence of who the others are.
    return kept === photo && !(photo.fixed && photo.reason !== null);
  });
}

async function choose(
  photos: readonly Clear[],
  { background, compute }: Pick<Faces, 'background' | 'compute'>,
): Promise<Map<Clear, Choice>> {
  const choices = await chooseFaces(
    background,
    photos.map(({ name, look }) => ({
      person: name,
      faces: labelledFaces(background, { ...look, faces: look.faces ?? [] }),
    })),
    compute,
  );
  return new Map(photos.map((photo, i) => [photo, choices[i]!]));
}

/**
 * As `train` has it, 19 of 20 photos of a folder are right before looking, and of several faces each is the person
 * less often. An unclear face is weaker evidence, as it is in `identify`: its odds shrink towards 1. So a photo is set
 * aside if it is evidence against the person, not if it merely is none for them.
 */
function verdictOf(
  { look }: Clear,
  { verdict, face, odds, looksLike }: Choice,
  minFace: number,
): Omit<Judgement, 'photo'> {
  const faces = look.faces!;
  const { quality } = faces[face]!;
  const size = sizeOf(faces[face]!);
  if (verdict !== 'agrees' && quality * odds < -Math.log(19 / faces.length)) {
    const why = looksLike === undefined ? 'does not look like the other photos' : `looks like ${looksLike}`;
    return { face, reason: 'someone-else', why };
  }
  if (size < minFace) return { face, ...tooSmall(size) };
  return { face, reason: null, ...(verdict !== 'agrees' && { unclear: true }) };
}

/** A photo that came for two names stays where a person put it, else where its face fits best. */
function dropCopiesOfOthers(
  photos: readonly Clear[],
  groupOf: ReadonlyMap<Clear, number>,
  choices: ReadonlyMap<Clear, Choice>,
  verdicts: Map<SeenPhoto, Omit<Judgement, 'photo'>>,
): void {
  const best = new Map<number, Clear>();
  const fit = (photo: Clear): number =>
    photo.fixed ? Number.POSITIVE_INFINITY : (choices.get(photo)?.odds ?? 0);
  const good = photos.filter((photo) => verdicts.get(photo)!.reason === null);
  for (const photo of good) {
    const other = best.get(groupOf.get(photo)!);
    if (other === undefined || fit(photo) > fit(other)) best.set(groupOf.get(photo)!, photo);
  }
  for (const photo of good) {
    const kept = best.get(groupOf.get(photo)!)!;
    if (kept !== photo) verdicts.set(photo, { ...verdicts.get(photo)!, ...copyOf(kept) });
  }
}

function copyOf({ path, name }: SeenPhoto): Verdict {
  return { reason: 'duplicate', why: `is a copy of ${path ?? name}` };
}
