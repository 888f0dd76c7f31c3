/** Settings: the models and their licences, what is stored where and how to remove it, the limits. */

import { type Answer, answered, client } from '../api.ts';
import { useLoaded } from '../load.ts';
import { type Model, useModels } from '../models.ts';
import { ClearCache } from '../parts/clear-cache.tsx';
import { count, fileSize } from '../words.ts';

type Stored = Answer<'Stored'>;

export function SettingsScreen() {
  const { answer, error } = useLoaded(async () => {
    const [settings, status] = await Promise.all([
      answered(client.GET('/api/v1/settings')),
      answered(client.GET('/api/v1/album')),
    ]);
    return { settings, status };
  }, 'settings');
  const { answer: models } = useModels();
  if (error) return <p class="failed">{error.message}</p>;
  if (!answer) return <p class="loading">Reading …</p>;
  const { settings, status } = answer;
  const { expectedWrong, faces } = status.automatic;
  return (
    <div class="settings">
      <header class="title">
        <h1>Settings</h1>
        <p>whosin {settings.version}. Everything stays on this machine.</p>
      </header>
      <section>
        <h2>Stored on this machine</h2>
        <ul class="stored">
          {settings.stored.map((one) => (
            <StoredRow key={one.what} stored={one} />
          ))}
        </ul>
      </section>
      <section>
        <h2>Strangers who may get a name</h2>
        <p>
          In the album:{' '}
          {expectedWrong === null
            ? 'no face was named without a question yet.'
            : `of ${count(faces, 'face')} that were named without a question, ${expected(expectedWrong)} are expected to be wrong.`}
        </p>
        <p>
          The page of a model that was taught states its share, and <a href="/teach">Ask a model</a> takes a
          lower one. For programs it is <code>maxWrong</code> of <code>/api/v1/identify</code>, for commands{' '}
          <code>whosin identify --max-wrong 0.01</code>.
        </p>
      </section>
      <section>
        <h2>Limits</h2>
        <dl class="limits">
          <dt>Memory for networks and photos</dt>
          <dd>
            {settings.memory === null ? 'no limit' : fileSize(settings.memory)}
            <small>
              Set by <code>WHOSIN_MEMORY</code>, such as 2GB, before the server starts.
            </small>
          </dd>
          <dt>Threads</dt>
          <dd>
            {settings.threads}
            <small>
              Set by <code>WHOSIN_THREADS</code>.
            </small>
          </dd>
          <dt>Folders that this page may read</dt>
          <dd>
            {settings.roots.map((root) => (
              <span key={root} class="path">
                {root}
              </span>
            ))}
            <small>
              Set by <code>whosin serve --root</code>.
            </small>
          </dd>
        </dl>
      </section>
      <section>
        <h2>Models</h2>
        {models ? <ModelTable models={models} /> : <p class="loading">Reading …</p>}
      </section>
    </div>
  );
}

const names: Readonly<Record<Stored['what'], readonly [name: string, about: string]>> = {
  album: [
    'Album',
    'Your photos stay where they are; this is what was found in them and said about them. Remove it only while whosin does not run, and store your answers first: whosin album backup answers.jsonl',
  ],
  photos: [
    'Cache of photos',
    'Faces and small pictures of photos that were read. Without it they are read again.',
  ],
  networks: ['Compiled networks', 'Made again in some seconds when they are needed.'],
  models: ['Models that were pulled or added', 'Remove one with: whosin models remove NAME'],
  trained: ['Models that were taught here', 'Remove one on its page, under Teach.'],
  token: [
    'Token',
    'Programs and browsers come in by it. Remove the file and start the server anew: nobody is let in who was in before.',
  ],
};

function StoredRow({ stored: { what, path, files, bytes } }: { readonly stored: Stored }) {
  const [name, about] = names[what];
  const isInDatabase = /^postgres(ql)?:/.test(path);
  return (
    <li>
      <div>
        <h3>{name}</h3>
        <p class="path">{path}</p>
        <p class="hint">{about}</p>
      </div>
      <div class="size">
        <b>{isInDatabase ? 'in a database' : fileSize(bytes)}</b>
        {!isInDatabase && <small>{count(files, 'file')}</small>}
        {(what === 'photos' || what === 'networks') && (
          <ClearCache what={what} name={name} isEmpty={files === 0} />
        )}
      </div>
    </li>
  );
}

const uses: Readonly<Record<Model['kind'], string>> = {
  people: 'people',
  pictures: 'pictures',
  objects: 'things in pictures',
  faces: 'reads faces',
};

const origins: Readonly<Record<Model['state'], string>> = {
  album: 'of the album',
  given: 'given by serve -m',
  trained: 'taught here',
  'built-in': 'comes with whosin',
  here: 'pulled or added',
  damaged: 'damaged',
};

function ModelTable({ models }: { readonly models: readonly Model[] }) {
  return (
    // biome-ignore lint: a wide table is scrolled by keyboard
    <div class="scroll" tabIndex={0} role="region" aria-label="Models">
      <table>
        <thead>
          <tr>
            <th scope="col">model</th>
            <th scope="col">for</th>
            <th scope="col">from</th>
            <th scope="col">version</th>
            <th scope="col">licence</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={`${model.kind} ${model.name}`}>
              <th scope="row">
                {model.state === 'trained' ? (
                  <a href={`/teach/models/${encodeURIComponent(model.name)}`}>{model.name}</a>
                ) : (
                  model.name
                )}
              </th>
              <td>{uses[model.kind]}</td>
              <td>
                {origins[model.state]}
                <small>{model.problem ?? model.source}</small>
              </td>
              <td>{model.version ? <code>{model.version}</code> : '–'}</td>
              <td>{model.licence ?? 'yours'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function expected(share: number): string {
  return share < 0.001 ? 'fewer than 0.1 %' : `about ${(share * 100).toFixed(1)} %`;
}
