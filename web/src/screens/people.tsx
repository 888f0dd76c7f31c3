/** The wall of people: those with a name, then groups of faces without one. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { answered, client, type Person } from '../api.ts';
import { useLoaded } from '../load.ts';
import { mayDo } from '../me.ts';
import { FacePicture } from '../parts/face-tile.tsx';
import { GroupRow } from '../parts/group-row.tsx';
import { Welcome } from '../parts/welcome.tsx';
import { readPeople } from '../people.ts';
import { count } from '../words.ts';

const pageOfGroups = 30;

/** A screen of them is painted before hundreds more are made. */
const firstPeople = 80;

export function People() {
  const [groupLimit, setGroupLimit] = useState(pageOfGroups);
  const [showsHidden, setShowsHidden] = useState(false);
  // Each is shown as soon as it is there: a large album is counted for a while.
  const { answer: people, error } = useLoaded(readPeople, 'people');
  const groups = useGroups(groupLimit);
  const [most, setMost] = useState(firstPeople);
  const isThere = people !== undefined;
  useEffect(() => {
    if (isThere) setMost(Number.POSITIVE_INFINITY);
  }, [isThere]);
  const { answer: status } = useLoaded(() => answered(client.GET('/api/v1/album')), 'status');

  if (error) return <p class="failed">{error.message}</p>;
  if (!people || (people.length === 0 && !status)) return <p class="loading">Reading the album …</p>;
  if (status && status.photos + status.videos === 0 && status.files.pending === 0) return <Welcome />;

  const named = people.filter(({ hidden }) => hidden === showsHidden);
  const hidden = people.length - people.filter((person) => !person.hidden).length;
  return (
    <>
      <header class="title">
        <h1>People</h1>
        {status ? (
          <p>
            {count(status.photos, 'photo')}
            {status.videos > 0 && `, ${count(status.videos, 'video')}`}, {count(status.faces, 'face')}:{' '}
            {count(status.confirmed, 'confirmed', 'confirmed')}, {status.automatic.faces.toLocaleString('en')}{' '}
            named by whosin, {status.toConfirm.toLocaleString('en')}{' '}
            {mayDo('answer') ? <a href="/questions">to confirm</a> : 'to confirm'}
          </p>
        ) : (
          <p>…</p>
        )}
      </header>
      {named.length === 0 && !showsHidden ? (
        <p class="hint">
          Nobody has a name yet.
          {mayDo('answer') &&
            ' Type one under a group below: whosin looks for the person in all other photos.'}
        </p>
      ) : (
        <ul class="people">
          {named.slice(0, most).map((person) => (
            <PersonCard key={person.uid} person={person} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <button type="button" class="plain" onClick={() => setShowsHidden(!showsHidden)}>
          {showsHidden ? 'Show the others' : `Show ${count(hidden, 'hidden person', 'hidden people')}`}
        </button>
      )}
      {groups && groups.total > 0 && most > firstPeople && (
        <section aria-labelledby="without">
          <h2 id="without">{count(groups.total, 'group')} without a name</h2>
          <ul class="groups">
            {groups.groups.map((group) => (
              <GroupRow key={group.group} group={group} people={people} />
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

/** Those that were read stay until more of them are there. */
function useGroups(limit: number) {
  const read = () => answered(client.GET('/api/v1/groups', { params: { query: { limit } } }));
  const { answer } = useLoaded(read, `groups ${limit}`);
  const last = useRef<typeof answer>();
  last.current = answer ?? last.current;
  return last.current;
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
