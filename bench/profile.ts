/**
 * Shares of the time of `whosin identify`: V8's samples of the thread that reads the photos, on one core, with empty
 * caches.
 *
 *   npx tsx bench/profile.ts [FOLDER=../shared/data/faces/sports-dev] [DIST=dist] [TITLE] [--quick]
 *
 * FOLDER: a folder of photos for each person; the first 15 of each are enrolled, the rest are probes. DIST: a build,
 * perhaps of an earlier commit, which TITLE names. The CPU time holds libvips's own threads, the samples do not.
 */

import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isQuick, places, type Row, report, runNode } from './support/results.ts';

const [folder = '../shared/data/faces/sports-dev', dist = 'dist', of = 'now'] = places;
const [lessonsEach, questionsEach] = isQuick ? [3, 2] : [15, Infinity];
const main = resolve(dist, 'cli/main.js');

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
      readonly columnNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

/** The first that fits; by where a function lies, and its name. */
const rooms: readonly (readonly [what: string, fits: RegExp])[] = [
  ['waiting', /^ \(idle\)/],
  ['collecting garbage', /^ \(garbage collector\)/],
  ['opening networks', /onnxruntime-\w+\/.* (OnnxruntimeSessionHandler|initOrt|dispose)/],
  ['running networks', /onnxruntime-\w+\//],
  ['calls of libvips', /node_modules\/(sharp|@img)\//],
  ['brightness, turning, mirror images', /core\/image\.[jt]s/],
  ['chips and smaller copies', /core\/warp\.[jt]s/],
  ['fingerprints', /core\/perceptual-hash\.[jt]s/],
  ['points and alignment', /faces\/find\/align\.[jt]s|core\/geometry\.[jt]s/],
  ['detection', /faces\/find\/(detect|second-look)\.[jt]s/],
  ['embeddings and names', /(?:dist|src)\/(learn|faces)\//],
  ['loading modules', /^node:internal\/(modules|deps)| (compileSourceTextModule|wrapSafe)|node_modules/],
  ['command line and files', /./],
];

const maps = new Map<string, SourceMap | undefined>();
const scratch = await mkdtemp(join(tmpdir(), 'whosin-profile-'));
try {
  const env = { WHOSIN_HOME: join(scratch, 'home') };
  const model = join(scratch, 'people.onnx');
  const questions: string[] = [];
  for (const person of (await readdir(folder)).toSorted()) {
    const photos = (await readdir(join(folder, person))).toSorted();
    await mkdir(join(scratch, 'lessons', person), { recursive: true });
    for (const name of photos.slice(0, lessonsEach)) {
      await symlink(resolve(folder, person, name), join(scratch, 'lessons', person, name));
    }
    const rest = photos.slice(lessonsEach).slice(0, questionsEach);
    questions.push(...rest.map((name) => resolve(folder, person, name)));
  }
  await runNode([main, 'train', join(scratch, 'lessons'), '-o', model, '--validation-percentage', '0'], {
    env,
  });
  const profiles = join(scratch, 'profiles');
  const { cpu, wall } = await runNode(
    ['--cpu-prof', `--cpu-prof-dir=${profiles}`, main, 'identify', '-', '-m', model, '--json'],
    { cores: 1, env, input: questions.join('\n') },
  );
  const [file] = await readdir(profiles);
  const shares = sharesOf(JSON.parse(await readFile(join(profiles, file!), 'utf8')) as Profile);
  const rows = [...shares].map(([what, ms]): Row => {
    return { what, 'ms a photo': (ms / questions.length).toFixed(2) };
  });
  await report('profile', {
    title: `Profile (${of}): identify, ${questions.length} photos of ${basename(folder)}, one core`,
    rows,
    notes: [
      `CPU of the whole process ${((cpu / questions.length) * 1000).toFixed(0)} ms a photo, wall time ${((wall / questions.length) * 1000).toFixed(0)} ms.`,
    ],
  });
} finally {
  await rm(scratch, { recursive: true });
}

/** Milliseconds by room, the most first. */
function sharesOf({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const roomOf = new Map(
    nodes.map(({ id, callFrame }) => {
      const place = `${sourceOf(callFrame)} ${callFrame.functionName}`;
      return [id, rooms.find(([, fits]) => fits.test(place))![0]];
    }),
  );
  const shares = new Map<string, number>();
  for (const [i, id] of samples.entries()) {
    const room = roomOf.get(id)!;
    shares.set(room, (shares.get(room) ?? 0) + timeDeltas[i]! / 1000);
  }
  return new Map([...shares].toSorted(([, a], [, b]) => b - a));
}

/** The source where a bundled function was written, by the map beside the bundle; else the file that it lies in. */
function sourceOf({ url, lineNumber, columnNumber }: Profile['nodes'][number]['callFrame']): string {
  const map = url.startsWith('file:') ? mapOf(`${fileURLToPath(url)}.map`) : undefined;
  const entry = map?.findEntry(lineNumber, columnNumber);
  return entry && 'originalSource' in entry ? entry.originalSource : url;
}

function mapOf(path: string): SourceMap | undefined {
  if (!maps.has(path)) {
    const there = existsSync(path) && !path.includes('node_modules');
    maps.set(
      path,
      there ? new SourceMap(JSON.parse(readFileSync(path, 'utf8')) as SourceMapPayload) : undefined,
    );
  }
  return maps.get(path);
}
