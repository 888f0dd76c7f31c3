/** One question at a time, by one hand. */

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { answered, client, facePicture, type Question, Refusal } from '../api.ts';
import { useLoaded } from '../load.ts';
import { FacePicture } from '../parts/face-tile.tsx';
import { LikelyNames } from '../parts/likely.tsx';
import { NameField } from '../parts/name-field.tsx';
import { takeBack, tell } from '../said.ts';
import { count, percent } from '../words.ts';

type AnswerBody =
  | { readonly kind: 'yes' | 'no' | 'not-sure' | 'not-a-face' | 'stranger' }
  | { readonly kind: 'is'; readonly person: string };

const readAhead = 12;

export function Questions() {
  const { queue, isDone, answer, undo } = useQuestions();
  const [isNaming, setNaming] = useState(false);
  const [helps, setHelps] = useState(false);
  const people = useLoaded(
    async () => (await answered(client.GET('/api/v1/people', { params: { query: { limit: 500 } } }))).people,
    'people',
  );
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
          <a key={face.face} href={`/photos/${face.face.slice(0, 64)}`} tabIndex={-1}>
            <FacePicture face={face} />
          </a>
        ))}
      </div>
      {isNaming ? (
        <NameField
          people={people.answer ?? []}
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

/** The questions that come next are there already: an answer shows the next one at once. */
function useQuestions() {
  const [queue, setQueue] = useState<readonly Question[]>([]);
  const [isDone, setDone] = useState(false);
  const reading = useRef(0);
  const groups = useRef(new Set<number>());
  const underWay = useRef<Promise<void>>(Promise.resolve());

  const read = useCallback(async (): Promise<void> => {
    const turn = ++reading.current;
    try {
      const { questions } = await answered(
        client.GET('/api/v1/questions', { params: { query: { limit: readAhead } } }),
      );
      if (turn !== reading.current) return;
      // The question that is shown stays, and one that is being answered does not come back.
      setQueue(([first]) => {
        const rest = questions.filter(({ id, group }) => id !== first?.id && !groups.current.has(group));
        const stays = first && questions.some(({ id }) => id === first.id);
        return stays ? [first, ...rest] : rest;
      });
      setDone(questions.length === 0);
    } catch (error) {
      tell((error as Error).message, [], 'failed');
    }
  }, []);

  useEffect(() => void read(), [read]);

  const answer = useCallback(
    async (body: AnswerBody, text: string): Promise<void> => {
      const [question, ...rest] = queue;
      if (!question) return;
      groups.current.add(question.group);
      setQueue(rest);
      const sent = answered(
        client.POST('/api/v1/questions/{id}/answer', { params: { path: { id: question.id } }, body }),
      ).then(
        ({ said, besides }) =>
          tell(besides > 0 ? `${text} ${count(besides, 'other face')} got a name too.` : text, [said]),
        (error: unknown) => {
          const isChanged = error instanceof Refusal && error.code === 'changed';
          if (!isChanged) tell((error as Error).message, [], 'failed');
        },
      );
      underWay.current = sent;
      await sent;
      groups.current.delete(question.group);
      await read();
    },
    [queue, read],
  );
  /** Takes back the answer that was given last, which may not have arrived yet. */
  const undo = useCallback(async (): Promise<void> => {
    await underWay.current;
    await takeBack();
    await read();
  }, [read]);
  return { queue, isDone, answer, undo };
}
