/** Everything that was said, and how to take it back; what is stored, and where. */

import { answered, client } from '../api.ts';
import { useLoaded } from '../load.ts';
import { mayDo, mayTakeBack, me } from '../me.ts';
import { AddFolders } from '../parts/add-folders.tsx';
import { takeBack } from '../said.ts';
import { inWords } from '../said-words.ts';
import { count, moment } from '../words.ts';

export function LogScreen() {
  const { answer, error } = useLoaded(async () => {
    const [status, log, version] = await Promise.all([
      answered(client.GET('/api/v1/album')),
      answered(client.GET('/api/v1/said', { params: { query: { limit: 200 } } })),
      answered(client.GET('/version')),
    ]);
    return { status, log, version };
  }, 'log');
  if (error) return <p class="failed">{error.message}</p>;
  if (!answer) return <p class="loading">Reading …</p>;
  const { status, log, version } = answer;
  const { automatic } = status;
  const isShared = log.said.some(({ who }) => who !== '');
  return (
    <>
      <header class="title">
        <h1>Album</h1>
        <p class="path">{status.album}</p>
      </header>
      <section>
        {mayDo('own') && (
          <>
            <h2>Folders</h2>
            <AddFolders />
          </>
        )}
        {status.files.failed > 0 && <p>{count(status.files.failed, 'file')} could not be read.</p>}
        {status.files.gone > 0 && (
          <p>{count(status.files.gone, 'file')} are no longer there; what you said about them is kept.</p>
        )}
        {automatic.expectedWrong !== null && (
          <p>
            whosin named {count(automatic.faces, 'face')} by itself; {share(automatic.expectedWrong)} are
            expected to be wrong.
            {automatic.judged > 0 &&
              ` You looked at ${automatic.judged} and corrected ${automatic.corrected}.`}
          </p>
        )}
      </section>
      <section>
        <h2>{isShared ? 'Answers and corrections' : 'Your answers and corrections'}</h2>
        {log.said.length === 0 && (
          <p class="hint">Nothing yet. Every name and every correction stands here, and can be taken back.</p>
        )}
        <ol class="log">
          {log.said.map((entry) => (
            <li key={entry.number} class={entry.undone ? 'undone' : ''}>
              <time dateTime={entry.at}>{moment(entry.at)}</time>
              <span>
                {inWords(entry)}
                {isShared && (
                  <small class="who">{entry.who === me.value.name ? 'you' : entry.who || 'the owner'}</small>
                )}
              </span>
              {!entry.undone && entry.kind !== 'undo' && mayTakeBack(entry) ? (
                <button type="button" class="plain" onClick={() => void takeBack([entry.number])}>
                  Undo
                </button>
              ) : (
                <small>{entry.undone ? 'taken back' : ''}</small>
              )}
            </li>
          ))}
        </ol>
      </section>
      <p class="hint last">whosin {version.version}. Everything stays on this machine.</p>
    </>
  );
}

function share(of: number): string {
  return of < 0.001 ? 'fewer than 0.1 %' : `about ${(of * 100).toFixed(1)} %`;
}
