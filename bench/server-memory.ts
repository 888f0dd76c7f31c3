/**
 * The server's memory over many requests, and how much of it is still held once all garbage is collected.
 *
 *   npm run build && npx tsx bench/server-memory.ts [FOLDER=../shared/data/faces/sports-dev] [--quick]
 *
 * FOLDER: a folder of photos for each person, of which two become a model. Node leaves garbage that has survived its quick
 * collections until a full one is worth its time: memory grows meanwhile, and goes down then. A second server is told to
 * collect all garbage each time before it is looked at: what grows there is a leak.
 */

import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Agent, FormData, fetch, setGlobalDispatcher } from 'undici';
import { isQuick, places, type Row, report, runNode } from './support/results.ts';
import { family, type ServerProcess, startServer } from './support/server-process.ts';

setGlobalDispatcher(new Agent({ connections: 20 }));
const [folder = '../shared/data/faces/sports-dev'] = places;
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const collector = new URL('./support/held-memory.mjs', import.meta.url).href;
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const model = join(scratch, 'people.onnx');
const env = { WHOSIN_HOME: join(scratch, 'home'), HELD_MEMORY: join(scratch, 'held') };

/** Requests between two looks, and the looks of the server that is left alone and of the one that collects. */
const step = isQuick ? 500 : 5000;
const [alone, collecting] = [12, 4];

/** Nine of ten requests are questions of the page, and refusals; one of fifty is the upload of a small photo. */
const paths = [
  'people',
  'groups',
  'photos?q=2019',
  'said',
  'jobs',
  'album',
  'questions',
  'photos/no',
  'people/nobody',
];

const memory: string[] = [];
const held: string[] = [];
try {
  const photo = await learn();
  await ask([], photo, alone, async (server) => {
    memory.push((await server.cost()).memory.toFixed(0));
  });
  await ask(['--expose-gc', '--import', collector], photo, collecting, async (server) => {
    held.push((await heldBy(server)).toFixed(1));
  });
} finally {
  await rm(scratch, { recursive: true });
}
await report('server-memory', {
  title: 'Memory of the server and of its process with the networks',
  rows: memory.map(
    (size, i): Row => ({
      'after requests': (step * (i + 1)).toLocaleString('en'),
      'memory, MB': size,
      'held after a full collection, MB': held[i] ?? '',
    }),
  ),
  notes: [
    'Eight requests at once, one of 50 an upload; memory is what the system counts for both processes, held is the heap and the buffers beside it.',
  ],
});

/** @returns a small photo of somebody that the model knows */
async function learn(): Promise<string> {
  const lessons = join(scratch, 'lessons');
  const photos: string[] = [];
  for (const person of (await readdir(folder)).toSorted().slice(0, 2)) {
    await mkdir(join(lessons, person), { recursive: true });
    for (const name of (await readdir(join(folder, person))).toSorted().slice(0, 5)) {
      const photo = resolve(folder, person, name);
      await symlink(photo, join(lessons, person, basename(photo)));
      photos.push(photo);
    }
  }
  await runNode([main, 'train', lessons, '-o', model, '--validation-percentage', '0'], { env });
  return photos[0]!;
}

async function ask(
  flags: readonly string[],
  photo: string,
  looks: number,
  look: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  const server = await startServer(
    [...flags, main, 'serve', '--json', '--no-open', '--port', '0', '--root', scratch, '-m', model],
    env,
  );
  try {
    let asked = 0;
    for (let n = 1; n <= looks; n++) {
      const lane = async (): Promise<void> => {
        while (asked < n * step) {
          const number = asked++;
          if (number % 50 === 0) await upload(server, photo);
          else await get(server, paths[number % paths.length]!);
        }
      };
      await Promise.all(Array.from({ length: 8 }, lane));
      await look(server);
    }
  } finally {
    await server.close();
  }
}

async function get({ address, headers }: ServerProcess, path: string): Promise<void> {
  await (await fetch(`${address}/api/v1/${path}`, { headers })).arrayBuffer();
}

async function upload({ address, headers }: ServerProcess, path: string): Promise<void> {
  const body = new FormData();
  body.append('photo', new Blob([await readFile(path)]), basename(path));
  const answer = await fetch(`${address}/api/v1/identify?model=people`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`identify answered ${answer.status}`);
}

/** MB of all processes, each of which writes its own after it has collected. */
async function heldBy(server: ServerProcess): Promise<number> {
  await rm(env.HELD_MEMORY, { recursive: true, force: true });
  await mkdir(env.HELD_MEMORY);
  const processes = family(server.child.pid!);
  for (const pid of processes) process.kill(pid, 'SIGUSR2');
  for (;;) {
    const files = await readdir(env.HELD_MEMORY);
    const sizes = await Promise.all(files.map((name) => readFile(join(env.HELD_MEMORY, name), 'utf8')));
    if (sizes.filter((size) => size !== '').length === processes.length)
      return sizes.reduce((sum, size) => sum + Number(size), 0);
    await pause(100);
  }
}
