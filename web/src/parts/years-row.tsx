/** How somebody looked, year by year. */

import { answered, client } from '../api.ts';
import { useLoaded } from '../load.ts';
import { count } from '../words.ts';
import { FacePicture } from './face-tile.tsx';

/** @param person the name, for the search that a year leads to */
export function YearsRow({ uid, person }: { readonly uid: string; readonly person: string }) {
  const { answer } = useLoaded(
    () => answered(client.GET('/api/v1/people/{uid}/years', { params: { path: { uid } } })),
    `years ${uid}`,
  );
  const years = answer?.years ?? [];
  if (years.length < 2) return null;
  return (
    <ul class="years" aria-label={`${person} year by year`}>
      {years.map(({ year, photos, face }) => (
        <li key={year}>
          <a href={`/photos?q=${encodeURIComponent(`"${person}", ${year}`)}`}>
            <FacePicture face={face} person={person} />
            <b>{year}</b>
            <small>{count(photos, 'photo')}</small>
          </a>
        </li>
      ))}
    </ul>
  );
}
