/** The name of a person, and what can be done with the person as a whole. */

import { useState } from 'preact/hooks';
import { answered, client, correct, type Person, Refusal } from '../api.ts';
import { mayDo } from '../me.ts';
import { go } from '../route.ts';
import { saying, tell } from '../said.ts';
import { count } from '../words.ts';
import { NameField } from './name-field.tsx';

export function PersonTitle({
  person,
  people,
}: {
  readonly person: Person;
  readonly people: readonly Person[];
}) {
  const [isRenaming, setRenaming] = useState(false);
  const [isMerging, setMerging] = useState(false);
  const { uid, person: name, hidden, photos, confirmed, automatic } = person;
  const path = { uid };
  const rename = async (to: string, same?: boolean): Promise<void> => {
    if (same === false) throw new Refusal({ detail: `Give a name that tells the two called ${to} apart.` });
    const query = { merge: same ? ('true' as const) : ('false' as const) };
    const changed = await answered(
      client.PATCH('/api/v1/people/{uid}', { params: { path, query }, body: { person: to } }),
    );
    tell(same ? `${name} and ${to} are one person.` : `${name} is called ${to}.`, changed.said);
    setRenaming(false);
    if (same) go('/people', { replace: true });
  };
  const hide = (): Promise<boolean> =>
    saying(hidden ? `${name} is shown.` : `${name} is hidden.`, () =>
      answered(client.PATCH('/api/v1/people/{uid}', { params: { path }, body: { hidden: !hidden } })),
    );
  const merge = async (into: string): Promise<void> => {
    const other = people.find((one) => one.person.toLowerCase() === into.toLowerCase());
    if (!other || other.uid === uid) throw new Refusal({ detail: `There is nobody else called ${into}.` });
    const { said } = await correct({ kind: 'merge', person: name, into: other.person });
    tell(`${name} and ${other.person} are one person: ${other.person}.`, said);
    go(`/people/${other.uid}`, { replace: true });
  };
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
        {mayDo('answer') && (
          <>
            {!isRenaming && (
              <button type="button" onClick={() => setRenaming(true)}>
                Rename
              </button>
            )}
            {isMerging ? (
              <NameField
                people={people.filter((other) => other.uid !== uid)}
                label="The same person as"
                button="Merge"
                autofocus
                onName={merge}
                onCancel={() => setMerging(false)}
              />
            ) : (
              people.length > 1 && (
                <button type="button" onClick={() => setMerging(true)}>
                  Merge with …
                </button>
              )
            )}
            <button type="button" onClick={() => void hide()}>
              {hidden ? 'Show' : 'Hide'}
            </button>
          </>
        )}
      </p>
    </header>
  );
}
