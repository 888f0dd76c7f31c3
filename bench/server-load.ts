/**
 * The server under load: photos a second of uploads beside the command line on the same photos, how long `/people` takes
 * meanwhile, and how it fares among thousands who listen to events.
 *
 *   npm run build && npx tsx bench/server-load.ts [FOLDER=../shared/data/faces/sports-dev] [--quick]
 *
 * FOLDER: a folder of photos for each person; five photos of each are learnt. All have their networks compiled and know
 * nothing of the photos. The server is `whosin serve`, warm, as it is between two requests. It is measured between two runs
 * of the command, which reads all photos side by side on all cores.
 *
 * One upload at a time leaves the server one photo at a time, whose networks follow one another: that is compared with a
 * process that asks the library about one photo after another, with the same threads and without a server, too.
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
const library = new URL('../dist/index.js', import.meta.url).href;
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const home = join(scratch, 'home');
const env = { WHOSIN_HOME: home };
const model = join(scratch, 'people.onnx');
const rows: Row[] = [];
const notes: string[] = [];
try {
  const photos = await learn(isQuick ? 24 : 100);
  await withServer(async (server) => {
    // Its networks are compiled, and it has been asked before.
    await upload(server, photos[0]!);
    for (const atOnce of [1, 8, 64]) await besideCommand(server, photos, atOnce);
  });
  await withServer(floodOfListeners);
} finally {
  await rm(scratch, { recursive: true });
}
await report('server-load', {
  title: `The server under load: ${isQuick ? 24 : 100} photos of ${folder}`,
  rows,
  notes: [
    ...notes,
    'Beside the command: by the runs before and after, each with a start of its own; processor time is that of all processes of each, for the server that of the questions for /people too, forty a second.',
    'One after another: a process with the same threads that asks the library about one photo when it has the answer to the one before; beside it stands one upload at a time.',
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

/** All photos at hand. */
async function askCommand(photos: readonly string[]): Promise<Cost> {
  return askProcess([main, 'identify', '-', '-m', model, '--json'], photos);
}

async function askOneByOne(photos: readonly string[]): Promise<Cost> {
  const code = `
    import { readFileSync } from 'node:fs';
    import { loadPeopleModel, openWhosin } from ${JSON.stringify(library)};
    const whosin = await openWhosin();
    const model = await loadPeopleModel(${JSON.stringify(model)});
    for (const path of readFileSync(0, 'utf8').split('\\n')) console.log((await whosin.identifyPhoto(path, model)).faces.length);
    await whosin.close();`;
  return askProcess(['--input-type=module', '-e', code], photos);
}

async function askProcess(args: readonly string[], photos: readonly string[]): Promise<Cost> {
  await forgetPhotos();
  const { wall, cpu } = await runNode(args, { env, input: photos.join('\n') });
  return { rate: photos.length / wall, cpu: cpu / photos.length };
}

function mean(costs: readonly Cost[]): Cost {
  const sum = (key: keyof Cost): number => costs.reduce((all, cost) => all + cost[key], 0) / costs.length;
  return { rate: sum('rate'), cpu: sum('cpu') };
}

function pushProcess(what: string, { rate, cpu }: Cost): void {
  rows.push({
    what,
    'photos a second': rate.toFixed(2),
    'beside the command': '',
    'beside one after another': '',
    'processor s a photo': cpu.toFixed(3),
    '/people ms, median': '',
    '19 of 20': '',
    most: '',
    failed: '',
  });
}

async function besideCommand(
  server: ServerProcess,
  photos: readonly string[],
  atOnce: number,
): Promise<void> {
  const runs = { command: [] as Cost[], alone: [] as Cost[] };
  const others = async (): Promise<void> => {
    runs.command.push(await askCommand(photos));
    if (atOnce === 1) runs.alone.push(await askOneByOne(photos));
  };
  await others();
  const { cost, latencies, failed } = await askServer(server, photos, atOnce);
  await others();
  const [command, alone] = [mean(runs.command), atOnce === 1 ? mean(runs.alone) : undefined];
  pushProcess('whosin identify', command);
  if (alone) pushProcess('one after another', alone);
  const beside = (other: Cost): string =>
    `${(cost.rate / other.rate).toFixed(2)} ×, processor ${(cost.cpu / other.cpu).toFixed(2)} ×`;
  rows.push({
    what: `uploads, ${atOnce} at once`,
    'photos a second': cost.rate.toFixed(2),
    'beside the command': beside(command),
    'beside one after another': alone ? beside(alone) : '',
    'processor s a photo': cost.cpu.toFixed(3),
    '/people ms, median': median(latencies).toFixed(1),
    '19 of 20': latencies[Math.floor(0.95 * latencies.length)]!.toFixed(1),
    most: latencies.at(-1)!.toFixed(1),
    failed,
  });
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

async function askServer(
  server: ServerProcess,
  photos: readonly string[],
  atOnce: number,
): Promise<{ readonly cost: Cost; readonly latencies: readonly number[]; readonly failed: number }> {
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
  return { cost: { rate, cpu }, latencies: latencies.toSorted((a, b) => a - b), failed };
}

async function floodOfListeners({ address, headers }: ServerProcess): Promise<void> {
  const clients = isQuick ? 500 : 10_000;
  // An answer that nobody holds is closed.
  const held: Response[] = [];
  let refused = 0;
  let [asked, most] = [0, 0];
  const lane = async (): Promise<void> => {
    while (asked++ < clients) {
      const answer = await fetch(`${address}/api/v1/events`, { headers });
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
  await Promise.all(held.map(({ body }) => body!.cancel()));
  notes.push(
    `${clients.toLocaleString('en')} clients that ask for events, 100 at once: ${held.length} are let in, ${refused} are told to come back; the slowest answer of /people meanwhile took ${most.toFixed(0)} ms.`,
  );
}
