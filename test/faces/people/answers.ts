import type { Faces } from '../../../src/faces/open-faces.ts';
import type { DecideOptions } from '../../../src/faces/people/gallery.ts';
import type { IdentifiedPhoto } from '../../../src/faces/people/identify.ts';
import type { PeopleModel } from '../../../src/faces/people/model-file.ts';

export async function answersTo(
  faces: Faces,
  paths: readonly string[],
  model: PeopleModel,
  options: DecideOptions = {},
): Promise<IdentifiedPhoto[]> {
  const answers: IdentifiedPhoto[] = [];
  for await (const answer of faces.identify(paths, model, options)) answers.push(answer);
  return answers;
}

/** The name or null of each face, sorted, null last; nothing for a photo that could not be read. */
export function namesIn(answer: IdentifiedPhoto | undefined): (string | null)[] {
  if (answer === undefined || answer.kind === 'failure') return [];
  const names = answer.faces.flatMap(({ decision }) => (decision.kind === 'known' ? [decision.person] : []));
  return [...names.toSorted(), ...Array<null>(answer.faces.length - names.length).fill(null)];
}
