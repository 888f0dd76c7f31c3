/** The faces of a person or a group: choose some, and put right what is wrong. */

import { useEffect, useState } from 'preact/hooks';
import { type AlbumFace, answered, client, type Person, photoOf } from '../api.ts';
import { useChoice } from '../choice.ts';
import { useLoaded } from '../load.ts';
import { mayDo } from '../me.ts';
import { ChoiceBar } from '../parts/choice-bar.tsx';
import { FacePicture, FaceTile } from '../parts/face-tile.tsx';
import { NameField } from '../parts/name-field.tsx';
import { PersonTitle } from '../parts/person-title.tsx';
import { YearsRow } from '../parts/years-row.tsx';
import { nameGroup, usePeople } from '../people.ts';
import { go } from '../route.ts';
import { percent } from '../words.ts';

type Of = { readonly uid: string } | { readonly group: number };

export function FacesScreen({ of }: { readonly of: Of }) {
  const key = 'uid' in of ? of.uid : String(of.group);
  const people = usePeople();
  const person = usePerson('uid' in of ? of.uid : undefined);
  const { faces, hasMore, more, error } = useFaces(of, key);
  const { chosen, choose, all, others, none, onArrow } = useChoice(faces, key);

  if (error) return <p class="failed">{error.message}</p>;
  return (
    <>
      <a class="back" href="/people">
        ← People
      </a>
      {person ? (
        <PersonTitle person={person} people={people} />
      ) : (
        'group' in of && <GroupTitle group={of.group} people={people} />
      )}
      {person && <YearsRow uid={person.uid} person={person.person} />}
      {mayDo('answer') ? (
        <>
          <p class="hint for-keys">
            Click faces to choose them, shift-click for all between; or arrow keys, <kbd>Space</kbd>, and{' '}
            <kbd>Shift</kbd> with arrow keys. <kbd>Ctrl</kbd> <kbd>A</kbd> all, <kbd>Esc</kbd> none,{' '}
            <kbd>Ctrl</kbd> <kbd>Z</kbd> undo.
          </p>
          <p class="choices choosing">
            <button type="button" class="plain" onClick={all}>
              All
            </button>
            <button type="button" class="plain" onClick={others}>
              All but the chosen
            </button>
            <button type="button" class="plain" onClick={none} disabled={chosen.size === 0}>
              None
            </button>
          </p>
          <div class="faces" role="group" aria-label="Faces" onKeyDown={onArrow}>
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
        </>
      ) : (
        <div class="faces">
          {faces.map((face) => (
            <a key={face.face} class="tile" href={`/photos/${photoOf(face.face)}`}>
              <FacePicture face={face} person={face.person} />
            </a>
          ))}
        </div>
      )}
      {hasMore && (
        <button type="button" onClick={more}>
          Show more faces
        </button>
      )}
      {chosen.size > 0 && (
        <ChoiceBar
          chosen={[...chosen]}
          person={person}
          people={people}
          from={person?.person ?? key}
          onNone={none}
        />
      )}
    </>
  );
}

/** Undefined for a group, and until the person is read. */
function usePerson(uid: string | undefined): Person | undefined {
  const read = async (): Promise<Person | undefined> =>
    uid === undefined
      ? undefined
      : answered(client.GET('/api/v1/people/{uid}', { params: { path: { uid } } }));
  return useLoaded(read, `person ${uid}`).answer;
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

function GroupTitle({ group, people }: { readonly group: number; readonly people: readonly Person[] }) {
  const name = async (person: string, same?: boolean): Promise<void> => {
    await nameGroup(group, person, same);
    go('/people', { replace: true });
  };
  return (
    <header class="title">
      <h1>A group without a name</h1>
      {mayDo('answer') && (
        <p class="choices">
          <NameField people={people} label="Who is it?" onName={name} />
        </p>
      )}
    </header>
  );
}
