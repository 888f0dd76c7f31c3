/** The wall of people: those with a name, then groups of faces without one. */

import { useState } from 'preact/hooks';
import { answered, client, correct, type Group, type Person } from '../api.ts';
import { useLoaded } from '../load.ts';
import { AddFolders } from '../parts/add-folders.tsx';
import { FacePicture } from '../parts/face-tile.tsx';
import { LikelyNames } from '../parts/likely.tsx';
import { NameField } from '../parts/name-field.tsx';
import { saying } from '../said.ts';
import { count } from '../words.ts';

const pageOfGroups = 30;

export function People() {
  const [groupLimit, setGroupLimit] = useState(pageOfGroups);
  const [showsHidden, setShowsHidden] = useState(false);
  const { answer, error } = useLoaded(async () => {
    const [status, people, groups] = await Promise.all([
      answered(client.GET('/api/v1/album')),
      answered(client.GET('/api/v1/people', { params: { query: { limit: 500 } } })),
      answered(client.GET('/api/v1/groups', { params: { query: { limit: groupLimit } } })),
    ]);
    return { status, people, groups };
  }, `people ${groupLimit}`);

  if (error) return <p class="failed">{error.message}</p>;
  if (!answer) return <p class="loading">Reading the album …</p>;
  const { status, people, groups } = answer;
  if (status.photos + status.videos === 0 && status.files.pending === 0) return <Welcome />;

  const named = people.people.filter(({ hidden }) => hidden === showsHidden);
  const hidden = people.people.length - people.people.filter((person) => !person.hidden).length;
  return (
    <>
      <header class="title">
        <h1>People</h1>
        <p>
          {count(status.photos, 'photo')}
          {status.videos > 0 && `, ${count(status.videos, 'video')}`}, {count(status.faces, 'face')}:{' '}
          {count(status.confirmed, 'confirmed', 'confirmed')}, {status.automatic.faces.toLocaleString('en')}{' '}
          named by whosin, {status.toConfirm.toLocaleString('en')} <a href="/questions">to confirm</a>
        </p>
      </header>
      {named.length === 0 && !showsHidden ? (
        <p class="hint">
          Nobody has a name yet. Type one under a group below: whosin looks for the person in all other
          photos.
        </p>
      ) : (
        <ul class="people">
          {named.map((person) => (
            <PersonCard key={person.uid} person={person} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <button type="button" class="plain" onClick={() => setShowsHidden(!showsHidden)}>
          {showsHidden ? 'Show the others' : `Show ${count(hidden, 'hidden person', 'hidden people')}`}
        </button>
      )}
      {groups.total > 0 && (
        <section aria-labelledby="without">
          <h2 id="without">{count(groups.total, 'group')} without a name</h2>
          <ul class="groups">
            {groups.groups.map((group) => (
              <GroupRow key={group.group} group={group} people={people.people} />
            ))}
          </ul>
          {groups.groups.length < groups.total && (
            <button type="button" onClick={() => setGroupLimit(groupLimit + pageOfGroups)}>
              Show more groups
            </button>
          )}
        </section>
      )}
    </>
  );
}

function Welcome() {
  return (
    <section class="welcome">
      <h1>Who is in your photos?</h1>
      <p>
        Choose a folder on this machine. whosin finds the faces, puts those of one person together, and asks
        you for names. It only reads your photos; nothing leaves this machine.
      </p>
      <AddFolders first />
    </section>
  );
}

function PersonCard({ person }: { readonly person: Person }) {
  const { uid, person: name, cover, photos, automatic } = person;
  return (
    <li>
      <a href={`/people/${uid}`}>
        {cover ? <FacePicture face={cover} person={name} /> : <span class="picture none">no picture</span>}
        <b>{name}</b>
        <small>
          {count(photos, 'photo')}
          {automatic > 0 && `, ${automatic} by whosin`}
        </small>
      </a>
    </li>
  );
}

function GroupRow({ group, people }: { readonly group: Group; readonly people: readonly Person[] }) {
  const { group: number, faces, photos, shown, likely, from, until } = group;
  const years = [from, until].map((time) => time?.slice(0, 4)).filter(Boolean);
  const name = async (person: string, same?: boolean): Promise<void> => {
    const body = { person, ...(same !== undefined && { same }) };
    const named = await answered(
      client.POST('/api/v1/groups/{group}/name', { params: { path: { group: number } }, body }),
    );
    await saying(`${named.person}: ${count(named.faces, 'face')}.`, () => Promise.resolve(named));
  };
  const say = (kind: 'stranger' | 'not-a-face', text: string): Promise<boolean> =>
    saying(text, () => correct({ kind, faces: [String(number)] }));
  return (
    <li aria-label={`Group ${number}, ${count(faces, 'face')}`}>
      <a class="strip" href={`/groups/${number}`} title="See all faces of this group">
        {shown.slice(0, 12).map((face) => (
          <FacePicture key={face.face} face={face} />
        ))}
      </a>
      <div class="about">
        <a href={`/groups/${number}`}>
          {count(faces, 'face')} in {count(photos, 'photo')}
        </a>
        {years.length > 0 && (
          <small> {years[0] === years.at(-1) ? years[0] : `${years[0]} to ${years.at(-1)}`}</small>
        )}
      </div>
      <div class="choices">
        <LikelyNames likely={likely} onChoose={(person) => void name(person, true)} />
        <NameField people={people} label="Who is it?" onName={name} />
        <button
          type="button"
          class="plain"
          onClick={() => void say('stranger', 'Strangers: they are not asked about again.')}
        >
          Nobody I know
        </button>
        <button
          type="button"
          class="plain"
          onClick={() => void say('not-a-face', 'No faces: they are left out.')}
        >
          Not a face
        </button>
      </div>
    </li>
  );
}
