/** The faces that are chosen, and what can be said of them. */

import { type Correction, correct, type Person, photoOf } from '../api.ts';
import { saying } from '../said.ts';
import { count } from '../words.ts';
import { NameField } from './name-field.tsx';

/** Somebody who chose more meant something else. */
const mostSeeds = 9;

export function ChoiceBar(props: {
  readonly chosen: readonly string[];
  readonly person: Person | undefined;
  readonly people: readonly Person[];
  /** The person or the group that they are of, as a split names it. */
  readonly from: string;
  readonly onNone: () => void;
}) {
  const { chosen, person, people, from, onNone } = props;
  const faces = [...chosen];
  const these = count(faces.length, 'face');
  const say = async (body: Correction, text: string): Promise<void> => {
    if (await saying(text, () => correct(body))) onNone();
  };
  const is = async (name: string): Promise<void> => {
    await say({ kind: 'is', person: name, faces }, `${these}: ${name}.`);
  };
  const first = faces[0]!;
  return (
    <div class="choice-bar" role="toolbar" aria-label="The faces that are chosen">
      <b>{these}</b>
      {person && (
        <>
          <button
            type="button"
            onClick={() =>
              void say({ kind: 'is', person: person.person, faces }, `${these} confirmed: ${person.person}.`)
            }
          >
            Confirm
          </button>
          <button
            type="button"
            onClick={() =>
              void say({ kind: 'is-not', person: person.person, faces }, `${these}: not ${person.person}.`)
            }
          >
            Not {person.person}
          </button>
        </>
      )}
      <NameField people={people} label="Somebody else" onName={is} />
      {faces.length > 1 && (
        <button
          type="button"
          title="Each chosen face begins a person of its own; the others go with the one that they are more like"
          onClick={() => void say({ kind: 'split', from, seeds: faces }, `Split by ${these}.`)}
          disabled={faces.length > mostSeeds}
        >
          Split by these
        </button>
      )}
      <button type="button" onClick={() => void say({ kind: 'not-a-face', faces }, `${these}: not a face.`)}>
        Not a face
      </button>
      {person && faces.length === 1 && (
        <button
          type="button"
          title={`${person.person} is shown by this face in lists`}
          onClick={() =>
            void say(
              { kind: 'cover', person: person.person, face: first },
              `${person.person} is shown by this face.`,
            )
          }
        >
          Use as cover
        </button>
      )}
      {faces.length === 1 && (
        <a class="button" href={`/photos/${photoOf(first)}`}>
          See the photo
        </a>
      )}
      <button type="button" class="plain" onClick={onNone}>
        None
      </button>
    </div>
  );
}
