/**
 * The server under load: photos a second of uploads beside the command line on the same photos, how long `/people` takes
 * meanwhile, and whether memory stays as it is over many requests.
 *
 *   npm run build && npx tsx bench/server-load.ts [FOLDER=../shared/data/faces/sports-dev] [--quick]
 *
 * FOLDER: a folder of photos for each person; five photos of each are learnt. Both have their networks compiled and know
 * nothing of the photos. The server is `whosin serve`, warm, as it is between two requests.
 */

import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Agent, FormData, fetch, type Response, setGlobalDispatcher } from 'undici';
import { isQuick, median, places, type Row, report, runNode } from './support/results.ts';
import { type ServerProcess, startServer } from './support/server-process.ts';

// A connection for each request that waits, and one for who asks for people meanwhile.
setGlobalDispatcher(new Agent({ connections: 200 }));
const [folder = '../shared/data/faces/sports-dev'] = places;
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const home = join(scratch, 'home');
const env = { WHOSIN_HOME: home };
const model = join(scratch, 'people.onnx');
const requests = isQuick ? 1000 : 20_000;
const rows: Row[] = [];
const notes: string[] = [];
try {
  const photos = await learn(isQuick ? 24 : 100);
  const command = await askCommand(photos);
  const own = (server: ServerProcess) => askServer(server, photos, command);
  await withServer(async (server) => {
    // Its networks are compiled, and it has been asked before.
    await upload(server, photos[0]!);
    for (const atOnce of [1, 8, 64]) await own(server)(atOnce);
  });
  await withServer(flatMemory);
} finally {
  await rm(scratch, { recursive: true });
}
await report('server-load', {
  title: `The server under load: ${isQuick ? 24 : 100} photos of ${folder}`,
  rows,
  notes: [
    ...notes,
    'Beside the command: the command with a start of its own in each run; processor time is that of all processes of each.',
    'Other work kept both cores busy meanwhile: times by the clock compare within this run alone.',
  ],
});

async function withServer(work: (server: ServerProcess) => Promise<void>): Promise<void> {
  const args = [main, 'serve', '--json', '--no-open', '--port', '0', '--root', scratch, '-m', model];
  const server = await startServer(args, env);
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

async function learn(most: number): Promise<readonly string[]> {
  const rest: string[] = [];
  for (const person of await readdir(folder)) {
    const files = (await readdir(join(folder, person)))
      .toSorted()
      .map((name) => resolve(folder, person, name));
    await mkdir(join(scratch, 'lessons', person), { recursive: true });
    for (const file of files.slice(0, 5))
      await symlink(file, join(scratch, 'lessons', person, basename(file)));
    rest.push(...files.slice(5));
  }
  await runNode([main, 'train', join(scratch, 'lessons'), '-o', model, '--validation-percentage', '0'], {
    env,
  });
  // As many of each person.
  return rest.filter((_, i) => i % Math.max(1, Math.floor(rest.length / most)) === 0).slice(0, most);
}

async function forgetPhotos(): Promise<void> {
  for (const name of ['bottlenecks', 'seen']) await rm(join(home, name), { recursive: true, force: true });
}

interface Cost {
  readonly rate: number;
  readonly cpu: number;
}

async function askCommand(photos: readonly string[]): Promise<Cost> {
  await forgetPhotos();
  const { wall, cpu } = await runNode([main, 'identify', '-', '-m', model, '--json'], {
    env,
    input: photos.join('\n'),
  });
  const cost = { rate: photos.length / wall, cpu: cpu / photos.length };
  rows.push({
    what: 'whosin identify',
    'photos a second': cost.rate.toFixed(2),
    'beside the command': '',
    'processor s a photo': cost.cpu.toFixed(3),
    '/people ms, median': '',
    '19 of 20': '',
    most: '',
    failed: '',
  });
  return cost;
}

async function upload({ address, headers }: ServerProcess, path: string): Promise<number> {
  const body = new FormData();
  body.append('photo', new Blob([await readFile(path)]), basename(path));
  for (;;) {
    const answer = await fetch(`${address}/api/v1/identify?model=people`, { method: 'POST', headers, body });
    await answer.arrayBuffer();
    // As a program would, it comes again.
    if (answer.status !== 429) return answer.status;
    await pause(500);
  }
}

function askServer(server: ServerProcess, photos: readonly string[], command: Cost) {
  return async (atOnce: number): Promise<void> => {
    await forgetPhotos();
    // Beside another run of the command: the machine is not as busy as it was.
    const again = atOnce === 1 ? command : await askCommand(photos);
    await forgetPhotos();
    const waiting = [...photos];
    const latencies: number[] = [];
    let failed = 0;
    const over = new AbortController();
    const people = (async () => {
      while (!over.signal.aborted) {
        const begun = performance.now();
        await (await fetch(`${server.address}/api/v1/people`, { headers: server.headers })).arrayBuffer();
        latencies.push(performance.now() - begun);
        await pause(25);
      }
    })();
    const before = await server.cost();
    const begun = performance.now();
    const lane = async (): Promise<void> => {
      for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
        if ((await upload(server, path)) !== 200) failed++;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    const rate = (1000 * photos.length) / (performance.now() - begun);
    const cpu = ((await server.cost()).cpu - before.cpu) / photos.length;
    over.abort();
    await people;
    latencies.sort((a, b) => a - b);
    rows.push({
      what: `uploads, ${atOnce} at once`,
      'photos a second': rate.toFixed(2),
      'beside the command': `${(rate / again.rate).toFixed(2)} ×, processor ${(cpu / again.cpu).toFixed(2)} ×`,
      'processor s a photo': cpu.toFixed(3),
      '/people ms, median': median(latencies).toFixed(1),
      '19 of 20': latencies[Math.floor(0.95 * latencies.length)]!.toFixed(1),
      most: latencies.at(-1)!.toFixed(1),
      failed,
    });
  };
}

/** Nine of ten are questions of the page, the others uploads of a small photo, and refusals. */
async function flatMemory(server: ServerProcess): Promise<void> {
  const { address, headers } = server;
  const small = join(scratch, 'lessons');
  const [person] = await readdir(small);
  const [name] = await readdir(join(small, person!));
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
  const sizes: number[] = [];
  let done = 0;
  const lane = async (): Promise<void> => {
    while (done < requests) {
      const n = done++;
      if (n % (requests / 10) === 0 && n > 0) sizes.push((await server.cost()).memory);
      if (n % 50 === 0) await upload(server, join(small, person!, name!));
      else await (await fetch(`${address}/api/v1/${paths[n % paths.length]}`, { headers })).arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  sizes.push((await server.cost()).memory);
  const shown = sizes.map((size) => size.toFixed(0)).join(', ');
  notes.push(
    `Memory after each tenth of ${requests.toLocaleString('en')} requests, one of 50 an upload, 8 at once: ${shown} MB.`,
  );
  await floodOfListeners(server);
}

async function floodOfListeners({ address, headers }: ServerProcess): Promise<void> {
  const stop = new AbortController();
  const clients = isQuick ? 500 : 10_000;
  // An answer that nobody holds is closed.
  const held: Response[] = [];
  let refused = 0;
  let [asked, most] = [0, 0];
  const lane = async (): Promise<void> => {
    while (asked++ < clients) {
      const answer = await fetch(`${address}/api/v1/events`, { headers, signal: stop.signal });
      if (answer.status === 200) held.push(answer);
      else if (answer.status === 429) refused++;
      if (answer.status !== 200) await answer.arrayBuffer();
    }
  };
  const over = new AbortController();
  const people = (async () => {
    while (!over.signal.aborted) {
      const begun = performance.now();
      await (await fetch(`${address}/api/v1/people`, { headers })).arrayBuffer();
      most = Math.max(most, performance.now() - begun);
    }
  })();
  await Promise.all(Array.from({ length: 100 }, lane));
  over.abort();
  await people;
  stop.abort();
  notes.push(
    `${clients.toLocaleString('en')} clients that ask for events, 100 at once: ${held.length} are let in, ${refused} are told to come back; the slowest answer of /people meanwhile took ${most.toFixed(0)} ms.`,
  );
}
