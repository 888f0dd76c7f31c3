/** A group of faces without a name, and a field for the name. */

import { correct, type Group, type Person } from '../api.ts';
import { mayDo } from '../me.ts';
import { nameGroup } from '../people.ts';
import { saying, told } from '../said.ts';
import { count } from '../words.ts';
import { FacePicture } from './face-tile.tsx';
import { LikelyNames } from './likely.tsx';
import { NameField } from './name-field.tsx';

export function GroupRow({ group, people }: { readonly group: Group; readonly people: readonly Person[] }) {
  const { group: number, faces, photos, shown, likely, from, until } = group;
  const years = [from, until].map((time) => time?.slice(0, 4)).filter(Boolean);
  const name = (person: string, same?: boolean): Promise<void> => nameGroup(number, person, same);
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
      {mayDo('answer') && (
        <div class="choices">
          <LikelyNames likely={likely} onChoose={(person) => void name(person, true).catch(told)} />
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
      )}
    </li>
  );
}
