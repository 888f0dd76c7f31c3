/** The box that is being drawn or corrected: whose face it is, or that it is right now. */

import { type AlbumFace, type Box, correct } from '../api.ts';
import { nameOf } from '../faces.ts';
import { usePeople } from '../people.ts';
import { saying } from '../said.ts';
import { NameField } from './name-field.tsx';

export function DrawBar(props: {
  readonly photo: string;
  readonly box: Box;
  /** The face whose box is corrected; undefined for one that was missed. */
  readonly face: AlbumFace | undefined;
  readonly onDone: () => void;
}) {
  const { photo, box, face, onDone } = props;
  const people = usePeople();
  const name = async (person: string): Promise<void> => {
    const isSaid = await saying(`${person}: a face that you drew.`, () =>
      correct({ kind: 'draw', photo, box, person }),
    );
    if (isSaid) onDone();
  };
  const place = async (): Promise<void> => {
    const isSaid = await saying(`${nameOf(face!)}: another box.`, () =>
      correct({ kind: 'box', face: face!.face, box }),
    );
    if (isSaid) onDone();
  };
  return (
    <div class="draw-bar" role="group" aria-label={face ? 'Correct the box' : 'Draw a face'}>
      <p class="hint">
        Drag to draw a box around the face; drag its corners or its middle to correct it. Arrow keys move it,
        with <kbd>Shift</kbd> they change its size.
      </p>
      {face ? (
        <button type="button" class="first" onClick={() => void place()}>
          Keep this box
        </button>
      ) : (
        <NameField people={people} label="Whose face is it?" onName={name} />
      )}
      <button type="button" class="plain" onClick={onDone}>
        Cancel
      </button>
    </div>
  );
}
