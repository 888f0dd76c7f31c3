/** The faces of a person or a group: choose some, and put right what is wrong. */

import { useEffect, useState } from 'preact/hooks';
import { type AlbumFace, answered, type Correction, client, correct, type Person, photoOf } from '../api.ts';
import { revision } from '../changes.ts';
import { useLoaded } from '../load.ts';
import { FaceTile } from '../parts/face-tile.tsx';
import { NameField } from '../parts/name-field.tsx';
import { go } from '../route.ts';
import { saying } from '../said.ts';
import { count, percent } from '../words.ts';

type Of = { readonly uid: string } | { readonly group: number };

export function FacesScreen({ of }: { readonly of: Of }) {
  const key = 'uid' in of ? of.uid : String(of.group);
  const people = useLoaded(
    async () => (await answered(client.GET('/api/v1/people', { params: { query: { limit: 500 } } }))).people,
    'people',
  );
  const { faces, hasMore, more, error } = useFaces(of, key);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState(0);
  useEffect(() => setChosen(new Set()), [key, revision.value]);

  const person = 'uid' in of ? people.answer?.find(({ uid }) => uid === of.uid) : undefined;
  const choose = (at: number, range: boolean): void => {
    const next = new Set(chosen);
    const [from, to] = range ? [Math.min(at, last), Math.max(at, last)] : [at, at];
    const adds = !chosen.has(faces[at]!.face);
    for (const { face } of faces.slice(from, to + 1)) {
      if (adds) next.add(face);
      else next.delete(face);
    }
    setLast(at);
    setChosen(next);
  };
  useChoiceKeys(faces, setChosen);

  if (error) return <p class="failed">{error.message}</p>;
  return (
    <>
      <a class="back" href="/people">
        ← People
      </a>
      {person ? (
        <PersonTitle person={person} people={people.answer ?? []} />
      ) : (
        'group' in of && <GroupTitle group={of.group} people={people.answer ?? []} />
      )}
      <p class="hint">
        Click a face to choose it, shift-click for all between. <kbd>Ctrl</kbd> <kbd>A</kbd> chooses all,{' '}
        <kbd>Esc</kbd> none.
      </p>
      <div class="faces" role="group" aria-label="Faces">
        {faces.map((face, i) => (
          <FaceTile
            key={face.face}
            face={face}
            person={face.person}
            chosen={chosen.has(face.face)}
            onChoose={(range) => choose(i, range)}
          >
            {face.state === 'automatic' && (
              <span class="note" title="whosin named this face; nobody has confirmed it">
                {percent(face.probability ?? 0)}
              </span>
            )}
          </FaceTile>
        ))}
      </div>
      {hasMore && (
        <button type="button" onClick={more}>
          Show more faces
        </button>
      )}
      {chosen.size > 0 && (
        <ChoiceBar
          chosen={[...chosen]}
          person={person}
          people={people.answer ?? []}
          onNone={() => setChosen(new Set())}
        />
      )}
    </>
  );
}

function useFaces(of: Of, key: string) {
  const [pages, setPages] = useState(1);
  useEffect(() => setPages(1), [key]);
  const { answer, error } = useLoaded(async () => {
    const faces: AlbumFace[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < pages; page++) {
      const query = { limit: 500, ...(cursor !== undefined && { cursor }) };
      const part = await answered(
        'uid' in of
          ? client.GET('/api/v1/people/{uid}/faces', { params: { path: of, query } })
          : client.GET('/api/v1/groups/{group}/faces', { params: { path: of, query } }),
      );
      faces.push(...part.faces);
      if (part.next === null) return { faces, hasMore: false };
      cursor = part.next;
    }
    return { faces, hasMore: true };
  }, `${key} ${pages}`);
  return {
    faces: answer?.faces ?? [],
    hasMore: answer?.hasMore ?? false,
    more: () => setPages(pages + 1),
    error,
  };
}

function useChoiceKeys(faces: readonly AlbumFace[], setChosen: (chosen: ReadonlySet<string>) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement) return;
      if (event.key === 'Escape') setChosen(new Set());
      if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        setChosen(new Set(faces.map(({ face }) => face)));
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [faces]);
}

function PersonTitle({ person, people }: { readonly person: Person; readonly people: readonly Person[] }) {
  const [isRenaming, setRenaming] = useState(false);
  const { uid, person: name, hidden, photos, confirmed, automatic } = person;
  const path = { uid };
  const rename = async (to: string, same?: boolean): Promise<void> => {
    if (same === false) return setRenaming(false);
    const query = { merge: same ? ('true' as const) : ('false' as const) };
    const changed = await answered(
      client.PATCH('/api/v1/people/{uid}', { params: { path, query }, body: { person: to } }),
    );
    await saying(same ? `${name} and ${to} are one person.` : `${name} is called ${to}.`, () =>
      Promise.resolve(changed),
    );
    setRenaming(false);
    if (same) go('/people', { replace: true });
  };
  const hide = (): Promise<boolean> =>
    saying(hidden ? `${name} is shown.` : `${name} is hidden.`, () =>
      answered(client.PATCH('/api/v1/people/{uid}', { params: { path }, body: { hidden: !hidden } })),
    );
  return (
    <header class="title">
      {isRenaming ? (
        <NameField
          people={people.filter((other) => other.uid !== uid)}
          label="New name"
          button="Rename"
          initial={name}
          autofocus
          onName={rename}
          onCancel={() => setRenaming(false)}
        />
      ) : (
        <h1>{name}</h1>
      )}
      <p>
        {count(confirmed + automatic, 'face')} in {count(photos, 'photo')}
        {automatic > 0 && `, ${automatic} named by whosin`}
      </p>
      <p class="choices">
        <a class="button" href={`/photos?q=${encodeURIComponent(`"${name}"`)}`}>
          Photos
        </a>
        {!isRenaming && (
          <button type="button" onClick={() => setRenaming(true)}>
            Rename or merge
          </button>
        )}
        <button type="button" onClick={() => void hide()}>
          {hidden ? 'Show' : 'Hide'}
        </button>
      </p>
    </header>
  );
}

function GroupTitle({ group, people }: { readonly group: number; readonly people: readonly Person[] }) {
  const name = async (person: string, same?: boolean): Promise<void> => {
    const body = { person, ...(same !== undefined && { same }) };
    const named = await answered(
      client.POST('/api/v1/groups/{group}/name', { params: { path: { group } }, body }),
    );
    await saying(`${named.person}: ${count(named.faces, 'face')}.`, () => Promise.resolve(named));
    go('/people', { replace: true });
  };
  return (
    <header class="title">
      <h1>A group without a name</h1>
      <p class="choices">
        <NameField people={people} label="Who is it?" onName={name} />
      </p>
    </header>
  );
}

function ChoiceBar(props: {
  readonly chosen: readonly string[];
  readonly person: Person | undefined;
  readonly people: readonly Person[];
  readonly onNone: () => void;
}) {
  const { chosen, person, people, onNone } = props;
  const faces = [...chosen];
  const these = count(faces.length, 'face');
  const say = (body: Correction, text: string): Promise<boolean> => saying(text, () => correct(body));
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
          onClick={() =>
            void say({ kind: 'split', from: person ? person.person : '', seeds: faces }, `Split by ${these}.`)
          }
          disabled={!person || faces.length > 9}
        >
          Split by these
        </button>
      )}
      <button type="button" onClick={() => void say({ kind: 'not-a-face', faces }, `${these}: not a face.`)}>
        Not a face
      </button>
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
