/** One question at a time, by one hand. */

import { useCallback, useLayoutEffect, useState } from 'preact/hooks';
import { answered, client, facePicture, photoOf } from '../api.ts';
import { useUndoable } from '../last-said.ts';
import { useLoaded } from '../load.ts';
import { FacePicture } from '../parts/face-tile.tsx';
import { LikelyNames } from '../parts/likely.tsx';
import { NameField } from '../parts/name-field.tsx';
import { Keys, QuestionChoices, UndoAndKeys } from '../parts/question-choices.tsx';
import { Welcome } from '../parts/welcome.tsx';
import { usePeople } from '../people.ts';
import { type Act, actOf } from '../question-keys.ts';
import { type AnswerBody, useQuestions } from '../questions.ts';
import { count, percent } from '../words.ts';

export function Questions() {
  const { queue, isDone, answer, undo } = useQuestions();
  const [isNaming, setNaming] = useState(false);
  const [helps, setHelps] = useState(false);
  const people = usePeople();
  const status = useLoaded(() => answered(client.GET('/api/v1/album')), 'status');
  const undoable = useUndoable();
  const [current, next] = queue;
  const asked = current?.kind === 'person' ? current.person : null;

  const say = useCallback(
    (body: AnswerBody, text: string) => {
      setNaming(false);
      void answer(body, text);
    },
    [answer],
  );
  const act = useCallback(
    (what: Act): void => {
      if (what === 'undo') void undo(undoable?.said);
      else if (what === 'help') setHelps((shown) => !shown);
      else if (!current) return;
      else if (what === 'name' || (what === 'yes' && asked === null)) setNaming(true);
      else if (what === 'yes') say({ kind: 'yes' }, `${asked}: yes.`);
      else if (what === 'not-sure') say({ kind: what }, 'Not sure: it is not asked again.');
      else if (what === 'stranger') say({ kind: what }, 'Nobody you know.');
      else if (what === 'not-a-face') say({ kind: what }, 'Not a face.');
      else if (asked !== null) say({ kind: 'no' }, `Not ${asked}.`);
    },
    [current, asked, undoable, say, undo],
  );

  // A quick hand presses the next key before the browser has painted: an effect would have listened to it too late.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const what = actOf(event);
      const likely = current?.likely[digitOf(event) - 1];
      if (what) act(what);
      else if (likely) say({ kind: 'is', person: likely.person }, `${likely.person}.`);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [current, act, say]);

  const photos = status.answer && status.answer.photos + status.answer.videos;
  if (!current) {
    if (photos === 0) return <Welcome />;
    return isDone ? (
      <section class="welcome">
        <h1>Nothing left to ask</h1>
        <p>
          Faces that may be somebody are all answered. <a href="/people">The wall of people</a> shows the
          groups that have no name.
        </p>
        {undoable && <UndoAndKeys undoable={undoable} helps={helps} onAct={act} />}
        {helps && <Keys />}
      </section>
    ) : (
      <p class="loading">Looking for questions …</p>
    );
  }
  return (
    <section class="question" aria-live="polite">
      <Settled status={status.answer} />
      <h1>{asked === null ? 'Who is this?' : <>Is this {asked}?</>}</h1>
      <p>
        {count(current.faces, 'face')} in {count(current.photos, 'photo')}
        {asked !== null && current.probability !== null && `, ${percent(current.probability)}`}
      </p>
      <div class={`shown ${current.shown.length <= 3 ? 'few' : ''}`}>
        {current.shown.map((face) => (
          <a key={face.face} href={`/photos/${photoOf(face.face)}`} tabIndex={-1}>
            <FacePicture face={face} />
          </a>
        ))}
      </div>
      {isNaming ? (
        <NameField
          people={people}
          label="Who is it?"
          autofocus
          onName={async (person) => say({ kind: 'is', person }, `${person}.`)}
          onCancel={() => setNaming(false)}
        />
      ) : (
        <QuestionChoices asked={asked} onAct={act} />
      )}
      <LikelyNames
        likely={current.likely}
        keys
        onChoose={(person) => say({ kind: 'is', person }, `${person}.`)}
      />
      <UndoAndKeys undoable={undoable} helps={helps} onAct={act} />
      {helps && <Keys />}
      {next?.shown.map(({ face }) => (
        <link key={face} rel="prefetch" as="image" href={facePicture(face)} />
      ))}
    </section>
  );
}

function Settled({
  status,
}: {
  readonly status:
    | { readonly faces: number; readonly confirmed: number; readonly automatic: { readonly faces: number } }
    | undefined;
}) {
  if (!status) return null;
  const named = status.confirmed + status.automatic.faces;
  return (
    <p class="settled">
      <progress value={named} max={Math.max(1, status.faces)} aria-label="Faces with a name" />
      {named.toLocaleString('en')} of {count(status.faces, 'face')} have a name
    </p>
  );
}

/** NaN for another key, or in a field. */
function digitOf({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): number {
  return target instanceof HTMLInputElement || ctrlKey || metaKey || altKey ? Number.NaN : Number(key);
}
