/** A gallery of very many people, narrowed to those whom the faces of a photo may be. */

import type { Head } from '../../learn/layer/head.ts';
import { type FindShortlist, openShortlist, type Shortlist } from '../../learn/search/shortlist.ts';
import type { PeopleModel } from './model-file.ts';

/**
 * From so many components of templates on, about one for each enrolled photo. Below, comparing with all of them takes
 * a few milliseconds and is exact; making the rows for the scan would pay only after a dozen faces.
 */
const manyComponents = 10_000;

/** Made when the first face is asked about, and kept as long as the model is. */
const finders = new WeakMap<PeopleModel, { readonly find: FindShortlist | undefined }>();

/** @returns nothing if everybody is compared */
export function findLikely(model: PeopleModel): FindShortlist | undefined {
  const { templates, background } = model;
  let made = finders.get(model);
  if (made === undefined) {
    const count = templates.reduce((sum, { components }) => sum + components.length, 0);
    made = { find: count < manyComponents ? undefined : openShortlist(templates, background.between) };
    finders.set(model, made);
  }
  return made.find;
}

/**
 * The model without the people who are on no list, and the odds of each face among those left. A face has no odds for
 * people who are on the lists of other faces alone: `others` of its own list accounts for them.
 */
export function onlyListed(
  model: PeopleModel,
  lists: readonly Shortlist[],
): { readonly among: PeopleModel; readonly oddsAmong: readonly Float32Array[] } {
  const people = [...new Set(lists.flatMap((list) => list.people))].toSorted((a, b) => a - b);
  const places = new Map(people.map((person, place) => [person, place]));
  const oddsAmong = lists.map((list) => {
    const odds = new Float32Array(people.length).fill(Number.NEGATIVE_INFINITY);
    for (const [i, person] of list.people.entries()) odds[places.get(person)!] = list.odds[i]!;
    return odds;
  });
  const among = {
    ...model,
    people: people.map((person) => model.people[person]!),
    templates: people.map((person) => model.templates[person]!),
    head: headOf(model, people),
  };
  return { among, oddsAmong };
}

/** The head's rows of these people. */
function headOf({ head, background }: PeopleModel, people: readonly number[]): Head {
  const k = background.between.length;
  const weights = new Float32Array(people.length * k);
  for (const [place, person] of people.entries()) {
    weights.set(head.weights.subarray(person * k, (person + 1) * k), place * k);
  }
  return { weights, bias: Float32Array.from(people, (person) => head.bias[person]!) };
}
