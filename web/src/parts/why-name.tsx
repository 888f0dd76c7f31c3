/** Why a face has its name: the confirmed faces that speak for it, and the person who comes next. */

import { answered, client, photoOf, type Why } from '../api.ts';
import { useLoaded } from '../load.ts';
import { count, day, percent } from '../words.ts';
import { FacePicture } from './face-tile.tsx';

type Likely = Why['likely'][number];

export function WhyName({ face }: { readonly face: string }) {
  const { answer: why, error } = useLoaded(
    () => answered(client.GET('/api/v1/faces/{face}/why', { params: { path: { face } } })),
    `why ${face}`,
  );
  if (error) return <p class="failed">{error.message}</p>;
  if (!why) return <p class="hint">Comparing with the other faces …</p>;
  const [first, next] = why.likely;
  return (
    <section class="why" aria-label="Why this name">
      <h3>{why.face.state === 'confirmed' ? `Why ${why.face.person}?` : 'Who is it like?'}</h3>
      <p>{reasonOf(why)}</p>
      {first && <Speakers likely={first} />}
      {first && first.speakers.length > 0 && (
        <p class="hint">So many times likelier that both faces are one person than two.</p>
      )}
      {next && (
        <>
          <p>
            Next: <a href={`/people/${next.uid}`}>{next.person}</a>, {percent(next.probability)}
          </p>
          <Speakers likely={next} />
        </>
      )}
    </section>
  );
}

function reasonOf({ face, said, together, likely: [first] }: Why): string {
  const alone = first && `${percent(first.probability)} ${first.person}`;
  if (face.state === 'confirmed') {
    const who = said?.source === 'xmp' ? 'The file names this face' : 'You named this face';
    const when = said ? ` on ${day(said.at)}` : '';
    if (face.drawn) return `${who}${when}. whosin sees no face there, and cannot compare it.`;
    return first && first.speakers.length > 0
      ? `${who}${when}. The other confirmed faces alone would give ${alone}.`
      : `${who}${when}. No other face of ${face.person} is confirmed yet.`;
  }
  if (!first) return 'It is like nobody who has a name.';
  const judged =
    together > 1 ? `, judged together with ${count(together - 1, 'other face')} of its group` : '';
  return `${alone}${judged}. These confirmed faces of ${first.person} speak for it:`;
}

function Speakers({ likely: { person, speakers } }: { readonly likely: Likely }) {
  if (speakers.length === 0) return null;
  return (
    <ul class="speakers" aria-label={`Confirmed faces of ${person}`}>
      {speakers.map(({ face, logOdds }) => (
        <li key={face.face}>
          <a href={`/photos/${photoOf(face.face)}`}>
            <FacePicture face={face} person={person} />
            <small>{oddsInWords(logOdds)}</small>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** More tells a person nothing. */
const most = 1e6;

/** `120 ×`: so many times likelier one person than two; `1/20`: the other way around. */
function oddsInWords(logOdds: number): string {
  const times = Math.exp(Math.abs(logOdds));
  const shown =
    times > most ? '1,000,000' : times < 10 ? times.toFixed(1) : Math.round(times).toLocaleString('en');
  if (logOdds < 0) return `1/${shown}`;
  return `${times > most ? '> ' : ''}${shown} ×`;
}
