/**
 * How long one photo takes from a cold start: `whosin identify one.jpg`, a process of its own, against bare Node that opens
 * the same networks and runs nothing, and against bare Node that does what the photo takes: decodes it, opens the networks that whosin
 * opened for it, in the same way, and makes the same runs.
 *
 *   npx tsx bench/start.ts [FOLDER=../shared/data/faces/sports-dev] [--quick]
 *
 * FOLDER: a folder of photos for each person. "As compiled": bare Node opens the compiled graphs as ONNX Runtime does by
 * default, optimising each of them; "as kept": the graphs that whosin keeps after that (src/runtime/optimised-graph.ts).
 * Files are in the memory of the system, since everybody reads them many times here.
 */

import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workingSide } from '../src/runtime/photo-header.ts';
import { recorderOf } from './support/bare-networks.ts';
import { isQuick, median, type ProcessCost, places, report, runNode, takeTurns } from './support/results.ts';

const [folder = '../shared/data/faces/sports-dev'] = places;
const rounds = isQuick ? 5 : 15;
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const home = join(scratch, 'home');
const env = { WHOSIN_HOME: home, ORT_DISABLE_TELEMETRY: '1' };
const model = join(scratch, 'people.onnx');

const openAll = `
  const { readdirSync } = require('node:fs');
  const { InferenceSession } = require(${JSON.stringify(createRequire(main).resolve('onnxruntime-node'))});
  const [folder, graphOptimizationLevel] = process.argv.slice(1);
  (async () => {
    for (const name of readdirSync(folder))
      await InferenceSession.create(folder + '/' + name, { graphOptimizationLevel, logSeverityLevel: 3 });
  })();`;

const doAll = `
  const { readFileSync } = require('node:fs');
  const sharp = require(${JSON.stringify(createRequire(main).resolve('sharp'))});
  const { InferenceSession, Tensor } = require(${JSON.stringify(createRequire(main).resolve('onnxruntime-node'))});
  const [photo, side, runs] = process.argv.slice(1);
  (async () => {
    const decoded = sharp(readFileSync(photo)).autoOrient()
      .resize({ width: +side, height: +side, fit: 'inside', withoutEnlargement: true }).raw().toBuffer();
    const sessions = new Map();
    const lines = readFileSync(runs, 'utf8').trim().split('\\n').map((line) => JSON.parse(line));
    for (const { network, options } of lines)
      if (!sessions.has(network)) sessions.set(network, await InferenceSession.create(network, options));
    await decoded;
    for (const { network, inputs: [{ name, type, dims }] } of lines)
      await sessions.get(network).run({ [name]: new Tensor(type, new Uint8Array(dims.reduce((a, b) => a * b)), dims) });
  })();`;

try {
  const people = (await readdir(folder)).toSorted();
  for (const person of people) {
    await mkdir(join(scratch, 'lessons', person), { recursive: true });
    for (const photo of (await readdir(join(folder, person))).toSorted().slice(0, 3)) {
      await symlink(resolve(folder, person, photo), join(scratch, 'lessons', person, photo));
    }
  }
  await runNode([main, 'train', join(scratch, 'lessons'), '-o', model, '--validation-percentage', '0'], {
    env,
  });
  const photo = join(folder, people[0]!, (await readdir(join(folder, people[0]!))).toSorted().at(-1)!);
  const identify = (): Promise<ProcessCost> =>
    runNode([main, 'identify', photo, '-m', model, '--json'], { env });
  const cold = async (): Promise<ProcessCost> => {
    for (const kept of ['bottlenecks', 'seen']) await rm(join(home, kept), { recursive: true, force: true });
    return identify();
  };
  const bare = (kept: string, level: string) => () =>
    runNode(['-e', openAll, join(home, kept), level], { env });
  const runs = join(scratch, 'runs');
  await runNode([...recorderOf(main), main, 'identify', photo, '-m', model], {
    env: { ...env, WHOSIN_RUNS: runs },
  });
  const measured = await takeTurns(
    {
      'node -e 0': () => runNode(['-e', '0']),
      'whosin --version': () => runNode([main, '--version']),
      'bare Node, networks as compiled': bare('models', 'all'),
      'bare Node, networks as kept': bare('optimised', 'disabled'),
      'bare Node, decoding and all runs': () =>
        runNode(['-e', doAll, photo, String(workingSide), runs], { env }),
      'whosin identify, nothing cached': cold,
      'whosin identify, photo cached': identify,
    },
    rounds,
  );
  const of = (what: keyof typeof measured, key: 'wall' | 'cpu'): number =>
    median(measured[what].map((run) => run[key]));
  const ratio = (bareWhat: keyof typeof measured, key: 'wall' | 'cpu'): string =>
    (of('whosin identify, nothing cached', key) / of(bareWhat, key)).toFixed(2);
  const names = Object.keys(measured) as (keyof typeof measured)[];
  await report('start', {
    title: `Start: one photo (${photo}), medians of ${rounds}`,
    rows: names.map((what) => ({
      what,
      'wall ms': Math.round(1000 * of(what, 'wall')),
      'CPU ms': Math.round(1000 * of(what, 'cpu')),
      'peak MB': Math.round(Math.max(...measured[what].map(({ peak }) => peak))),
    })),
    notes: (
      [
        ['bare Node, networks as compiled', 'opens the networks as compiled'],
        ['bare Node, networks as kept', 'opens the networks as kept'],
        [
          'bare Node, decoding and all runs',
          'decodes the photo, opens its networks as whosin does, and makes the same runs',
        ],
      ] as const
    ).map(
      ([what, does]) =>
        `Cold: ${ratio(what, 'wall')} × the wall time and ${ratio(what, 'cpu')} × the CPU time of bare Node that ${does}.`,
    ),
  });
} finally {
  await rm(scratch, { recursive: true });
}
