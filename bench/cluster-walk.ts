/**
 * docs/CLUSTER.md from its first command to a page that somebody has opened: a database, photos, two workers, a server, a user.
 *
 *   npm run build && npx tsx bench/cluster-walk.ts [FOLDER]
 *
 * FOLDER of photos; six that come with a package if it is left out. The database is Debian's, in a folder of its own.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPostgres } from '../test/postgres/postgres-server.ts';
import { places, type Row, report, runNode, seconds } from './support/results.ts';

const [folder = 'node_modules/@vladmandic/face-api/demo'] = places;
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), 'whosin-walk-'));
const env = { WHOSIN_HOME: join(scratch, 'home'), WHOSIN_TOKEN: 'the-token-of-this-walk' };
const rows: Row[] = [];
const began = performance.now();

async function step<T>(what: string, work: () => Promise<T>, result: (done: T) => string): Promise<T> {
  let done!: T;
  const took = await seconds(async () => {
    done = await work();
  });
  rows.push({ step: what, seconds: took.toFixed(1), result: result(done) });
  return done;
}

const server = await step(
  'a database, in a folder of its own',
  () => openPostgres(),
  () => 'PostgreSQL answers',
);
const album = ['--album', server.address];
const whosin = async (...args: readonly string[]) => (await runNode([main, ...args], { env })).stdout.trim();
try {
  await step(
    'whosin album add --queue',
    () => whosin('album', 'add', resolve(folder), ...album, '--queue'),
    lastLine,
  );
  const worker = (n: number) =>
    runNode([main, 'worker', ...album, '--concurrency', '1', '--drain'], {
      env: { ...env, WHOSIN_HOME: join(scratch, `home${n}`) },
    });
  await step(
    'two workers of one core each, until the queue is empty',
    () => Promise.all([worker(1), worker(2)]),
    (all) => all.map(({ stdout }) => stdout.trim()).join(' '),
  );
  await step(
    'whosin album',
    () => whosin('album', ...album),
    (text) => text.split('\n')[0]!,
  );
  const child = spawn(process.execPath, [main, 'serve', ...album, '--no-open', '--port', '0', '--json'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const { address } = await step(
      'whosin serve',
      async () => JSON.parse(String((await once(child.stdout, 'data'))[0])) as { readonly address: string },
      () => 'listens',
    );
    const users = ['album', 'users', 'add', 'Ann', '--role', 'answer', '--address', address, '--json'];
    const { link } = await step(
      'whosin album users add Ann --role answer',
      async () => JSON.parse(await whosin(...users, ...album)) as { readonly link: string },
      () => 'a link',
    );
    await step(
      'Ann opens the link and sees the people',
      () => visit(address, link),
      (groups) => `${groups} groups`,
    );
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
} finally {
  await server.close();
  await rm(scratch, { recursive: true });
}
rows.push({ step: 'all of it', seconds: ((performance.now() - began) / 1000).toFixed(1), result: '' });
await report('cluster-walk', {
  title: 'docs/CLUSTER.md, step by step, by the clock',
  rows,
  notes: [
    'Networks are compiled on the way, for each worker: each has a home of its own, as another machine has.',
  ],
});

async function visit(address: string, link: string): Promise<number> {
  const cookie = (await fetch(link, { redirect: 'manual' })).headers.get('set-cookie')!.split(';')[0]!;
  const answer = await fetch(`${address}/api/v1/groups?least=1`, { headers: { cookie } });
  return ((await answer.json()) as { readonly groups: readonly unknown[] }).groups.length;
}

function lastLine(text: string): string {
  return text.split('\n').at(-1)!;
}
