/** One question at a time, by one hand. */

import { useCallback, useEffect, useState } from 'preact/hooks';
import { answered, client, facePicture, photoOf } from '../api.ts';
import { useLoaded } from '../load.ts';
import { FacePicture } from '../parts/face-tile.tsx';
import { LikelyNames } from '../parts/likely.tsx';
import { NameField } from '../parts/name-field.tsx';
import { usePeople } from '../people.ts';
import { type AnswerBody, useQuestions } from '../questions.ts';
import { count, percent } from '../words.ts';

export function Questions() {
  const { queue, isDone, answer, undo } = useQuestions();
  const [isNaming, setNaming] = useState(false);
  const [helps, setHelps] = useState(false);
  const people = usePeople();
  const status = useLoaded(() => answered(client.GET('/api/v1/album')), 'status');
  const [current, next] = queue;

  const say = useCallback(
    (body: AnswerBody, text: string) => {
      setNaming(false);
      void answer(body, text);
    },
    [answer],
  );

  useEffect(() => {
    if (!current) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
      const key = event.key.toLowerCase();
      const likely = current.likely[Number(key) - 1];
      const asks = current.kind === 'person' && current.person !== null;
      const isButton = event.target instanceof HTMLButtonElement;
      if (key === 'enter' && asks && !isButton) say({ kind: 'yes' }, `${current.person}: yes.`);
      else if (key === 'n' && asks) say({ kind: 'no' }, `Not ${current.person}.`);
      else if (key === 'u') say({ kind: 'not-sure' }, 'Not sure: it is not asked again.');
      else if (key === 'x') say({ kind: 'not-a-face' }, 'Not a face.');
      else if (key === 's') say({ kind: 'stranger' }, 'Nobody you know.');
      else if (key === '/' || (key === 'enter' && !asks && !isButton)) setNaming(true);
      else if (key === 'z') void undo();
      else if (key === '?') setHelps((shown) => !shown);
      else if (likely) say({ kind: 'is', person: likely.person }, `${likely.person}.`);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [current, say, undo]);

  if (!current) {
    return isDone ? (
      <section class="welcome">
        <h1>Nothing left to ask</h1>
        <p>
          Faces that may be somebody are all answered. <a href="/people">The wall of people</a> shows the
          groups that have no name.
        </p>
      </section>
    ) : (
      <p class="loading">Looking for questions …</p>
    );
  }
  const asks = current.kind === 'person' && current.person !== null;
  return (
    <section class="question" aria-live="polite">
      <Settled status={status.answer} />
      <h1>{asks ? <>Is this {current.person}?</> : 'Who is this?'}</h1>
      <p>
        {count(current.faces, 'face')} in {count(current.photos, 'photo')}
        {asks && current.probability !== null && `, ${percent(current.probability)}`}
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
        <div class="choices">
          {asks && (
            <>
              <button
                type="button"
                class="first"
                onClick={() => say({ kind: 'yes' }, `${current.person}: yes.`)}
              >
                <kbd>Enter</kbd>Yes
              </button>
              <button type="button" onClick={() => say({ kind: 'no' }, `Not ${current.person}.`)}>
                <kbd>N</kbd>No
              </button>
            </>
          )}
          <button type="button" onClick={() => setNaming(true)}>
            <kbd>/</kbd>
            {asks ? 'Somebody else' : 'Give a name'}
          </button>
          <button type="button" onClick={() => say({ kind: 'not-sure' }, 'Not sure: it is not asked again.')}>
            <kbd>U</kbd>Not sure
          </button>
          <button type="button" onClick={() => say({ kind: 'stranger' }, 'Nobody you know.')}>
            <kbd>S</kbd>Nobody I know
          </button>
          <button type="button" onClick={() => say({ kind: 'not-a-face' }, 'Not a face.')}>
            <kbd>X</kbd>Not a face
          </button>
          <button type="button" class="plain" onClick={() => void undo()}>
            <kbd>Z</kbd>Undo
          </button>
          <button type="button" class="plain" aria-expanded={helps} onClick={() => setHelps(!helps)}>
            <kbd>?</kbd>Keys
          </button>
        </div>
      )}
      <LikelyNames
        likely={current.likely}
        keys
        onChoose={(person) => say({ kind: 'is', person }, `${person}.`)}
      />
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

function Keys() {
  const keys = [
    ['Enter', 'yes, or give a name'],
    ['N', 'no'],
    ['1 to 9', 'one of the likeliest people'],
    ['/', 'another name'],
    ['U', 'not sure'],
    ['S', 'nobody I know'],
    ['X', 'not a face'],
    ['Z', 'undo'],
    ['?', 'these keys'],
  ] as const;
  return (
    <dl class="keys">
      {keys.map(([key, meaning]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
