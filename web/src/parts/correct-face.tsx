/** A face of a photo: who it is, who it is not, where it is. */

import { type AlbumFace, correct } from '../api.ts';
import { usePeople } from '../people.ts';
import { saying } from '../said.ts';
import { NameField } from './name-field.tsx';

export function CorrectFace(props: {
  readonly face: AlbumFace;
  readonly onDone: () => void;
  /** Left out for faces of videos: they move. */
  readonly onBox?: (() => void) | undefined;
}) {
  const { face, onDone, onBox } = props;
  const people = usePeople();
  const faces = [face.face];
  const say = async (text: string, work: () => ReturnType<typeof correct>): Promise<void> => {
    if (await saying(text, work)) onDone();
  };
  const { person } = face;
  return (
    <div class="choices">
      {person !== null && face.state !== 'confirmed' && (
        <button
          type="button"
          class="first"
          onClick={() => void say(`${person}: confirmed.`, () => correct({ kind: 'is', person, faces }))}
        >
          Yes, {person}
        </button>
      )}
      {person !== null && (
        <button
          type="button"
          onClick={() => void say(`Not ${person}.`, () => correct({ kind: 'is-not', person, faces }))}
        >
          Not {person}
        </button>
      )}
      <NameField
        people={people}
        label="Who is it?"
        onName={(name) => say(`${name}.`, () => correct({ kind: 'is', person: name, faces }))}
      />
      {onBox && (
        <button type="button" onClick={onBox}>
          Correct the box
        </button>
      )}
      <button
        type="button"
        class="plain"
        onClick={() => void say('Nobody you know.', () => correct({ kind: 'stranger', faces }))}
      >
        Nobody I know
      </button>
      <button
        type="button"
        class="plain"
        onClick={() => void say('Not a face.', () => correct({ kind: 'not-a-face', faces }))}
      >
        Not a face
      </button>
    </div>
  );
}
