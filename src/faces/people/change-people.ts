/**
 * The people of a model change without the photos that it was trained on: one person more, another name, one person
 * less. The others keep their templates, so their odds stay what they are.
 */

import { concatenated } from '../../core/embedding.ts';
import { WhosinError } from '../../errors.ts';
import type { ReferencePairs } from '../../learn/odds/rate-table.ts';
import { unchanged } from '../../learn/odds/recalibration.ts';
import { strangerRates } from '../../learn/odds/stranger-rates.ts';
import { enrol, project } from '../../learn/odds/two-covariance.ts';
import { isInGallery, type Probe } from './gallery.ts';
import type { PeopleModel } from './model-file.ts';

/**
 * Enrols a person who is not in the model, or more photos of one who is. The head has no part in a new person: it
 * was fitted to tell the others apart. How often strangers are named is estimated anew, from the reference pairs alone.
 *
 * @param faces of this person, one a photo
 * @param strangers reference pairs of the model's space; without them the rates are left out
 * @throws WhosinError `too-few-photos` without a face, `wrong-space` if a face lies in another space, `usage`
 *   if every photo is in the model already or the name is empty
 */
export function enrolPerson(
  model: PeopleModel,
  person: string,
  faces: readonly Probe[],
  strangers?: ReferencePairs,
): PeopleModel {
  checkName(person);
  const space = faces.find(({ embedding }) => embedding.space !== model.space)?.embedding.space;
  if (space !== undefined) {
    throw new WhosinError(
      'wrong-space',
      `The model was trained in the embedding space "${model.space}", a face of ${person} lies in "${space}".`,
    );
  }
  if (faces.length === 0) {
    throw new WhosinError('too-few-photos', `${person} needs at least one photo that shows the face.`);
  }
  const found = model.people.indexOf(person);
  const index = found < 0 ? model.people.length : found;
  const before = model.gallery.filter((face) => face.person === index);
  const fresh = faces.filter(({ embedding }) => !isInGallery(model, index, embedding));
  if (fresh.length === 0) {
    throw new WhosinError('usage', `The model knows these photos of ${person} already.`);
  }
  const added = fresh.map(({ embedding, quality }) => ({
    person: index,
    embedding: embedding.values,
    quality,
  }));
  const own = [...before, ...added].map(({ embedding, quality = 1 }) => ({
    z: project(model.background, embedding),
    quality,
  }));
  const template = enrol(model.background, own);
  if (found >= 0) {
    const templates = model.templates.with(index, template);
    return { ...model, templates, gallery: inOrder([...model.gallery, ...added]) };
  }
  const people = [...model.people, person];
  const { weights, bias } = model.head;
  const k = model.background.between.length;
  return withRates(
    {
      ...model,
      people,
      templates: [...model.templates, template],
      gallery: [...model.gallery, ...added],
      head: {
        weights: concatenated(weights, new Float32Array(k)),
        bias: concatenated(bias, new Float32Array(1)),
      },
    },
    strangers,
  );
}

/**
 * The training report goes: it has the old name, and paths of photos that often hold it.
 *
 * @throws WhosinError `not-found`, or `usage` if somebody else has that name or it is empty
 */
export function renamePerson(model: PeopleModel, from: string, to: string): PeopleModel {
  checkName(to);
  const index = indexOf(model, from);
  if (from !== to && model.people.includes(to)) {
    throw new WhosinError('usage', `The model has a person called ${to} already.`);
  }
  return { ...model, people: model.people.with(index, to), report: null };
}

/**
 * The training report goes too: it names everybody, and their photos.
 *
 * @throws WhosinError `not-found`, or `too-few-photos` if nobody would be left
 */
export function removePerson(model: PeopleModel, person: string, strangers?: ReferencePairs): PeopleModel {
  const index = indexOf(model, person);
  if (model.people.length === 1) {
    throw new WhosinError(
      'too-few-photos',
      `${person} is the only person of the model: delete the file instead.`,
    );
  }
  const { weights, bias } = model.head;
  const k = model.background.between.length;
  return withRates(
    {
      ...model,
      people: model.people.toSpliced(index, 1),
      report: null,
      templates: model.templates.toSpliced(index, 1),
      gallery: model.gallery
        .filter((face) => face.person !== index)
        .map((face) => ({ ...face, person: face.person - (face.person > index ? 1 : 0) })),
      head: {
        weights: weights.filter((_, i) => Math.floor(i / k) !== index),
        bias: bias.filter((_, i) => i !== index),
      },
    },
    strangers,
  );
}

/** The rates of the trained folder counted another number of people: those of the reference pairs take their place. */
function withRates(model: PeopleModel, strangers: ReferencePairs | undefined): PeopleModel {
  const { strangerRates: _, ...rest } = model;
  if (strangers === undefined) return rest;
  const { people, priorUnknown, recalibration = unchanged } = model;
  const about = { people: people.length, priorUnknown, recalibration };
  return { ...rest, strangerRates: strangerRates({ people: 0, probabilities: [] }, strangers, about) };
}

function indexOf({ people }: PeopleModel, person: string): number {
  const index = people.indexOf(person);
  if (index >= 0) return index;
  const some = people.slice(0, 10).join(', ');
  const more = people.length > 10 ? ` and ${people.length - 10} more` : '';
  throw new WhosinError('not-found', `The model has no person called ${person}. It has: ${some}${more}.`);
}

function checkName(person: string): void {
  if (person.trim() === '') throw new WhosinError('usage', 'A person needs a name.');
}

/** By person, as training writes them. */
function inOrder<T extends { readonly person: number }>(gallery: readonly T[]): T[] {
  return gallery.toSorted((a, b) => a.person - b.person);
}
