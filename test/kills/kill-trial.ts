/** Kills a command at random moments, and looks at what it leaves. */

import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { parseOnnx } from '../../src/models/graph/reader.ts';
import { namesInXmp } from '../../src/photos/regions/names-in-xmp.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { environmentWith, mainFile } from '../cli/whosin.ts';
import type { Chance } from '../fuzz/chance.ts';
import type { Trial } from './trials.ts';

export interface Killed {
  /** Runs that were ended by the kill, and those that came to their end before it. */
  readonly kills: number;
  readonly early: number;
  readonly faults: readonly string[];
}

interface Place {
  readonly home: string;
  readonly work: string;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** So many kills one after another in the same folder, before a run may come to its end. */
const inARow = 10;

/**
 * @param stage the folder that the command finds; it is copied
 * @param kills how many runs to kill
 * @param isStopped asked before each round
 */
export async function killTrial(
  trial: Trial,
  stage: Place,
  kills: number,
  chance: Chance,
  isStopped: () => boolean = () => false,
): Promise<Killed> {
  const faults: string[] = [];
  const root = await mkdtemp(join(tmpdir(), 'whosin-kills-'));
  try {
    // Always in the same place: an album knows files by whole paths.
    const [at, begun] = [join(root, 'place'), join(root, 'begun')];
    await cp(stage.home, join(at, 'home'), { recursive: true });
    await cp(stage.work, join(at, 'work'), { recursive: true });
    const place = placeIn(at);
    for (const args of trial.before ?? []) await wholeRun(args, place);
    if (trial.cold) await rm(place.home, { recursive: true });
    await mkdir(place.home, { recursive: true });
    await copied(at, begun);
    const wanted = await finished(trial, place);
    // A run that goes on where another was killed may have little left to do.
    const again = await run(trial.args, place);
    let [killed, early] = [0, 0];
    while (killed < kills && early <= kills && !isStopped()) {
      await rm(at, { recursive: true });
      await copied(begun, at);
      for (let i = 0; i < inARow && killed < kills; i++) {
        const { seconds } = i === 0 || chance.below(2) === 0 ? wanted : again;
        const { status } = await run(trial.args, place, chance.below(1000 * seconds));
        if (status === null) killed++;
        else early++;
        faults.push(...(await tornIn(place)));
        if (status !== null) break;
      }
      // Programs that the killed one has started come to their end.
      if (trial.endsLater) await setTimeout(1000);
      await agedBy(2 * 3600, place);
      const ended = await finished(trial, place).catch((error: unknown) => ({ answer: String(error) }));
      if (ended.answer !== wanted.answer) faults.push(`another answer: ${ended.answer.slice(0, 500)}`);
      faults.push(...(await tornIn(place)));
      // The cache has 256 folders, and a run looks only into those that it writes to.
      await wholeRun(['cache', 'clear'], place);
      faults.push(...(await leftIn(place)));
    }
    return { kills: killed, early, faults: [...new Set(faults)] };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Compiles the networks of the stage, which takes longer than most commands. */
export async function warm(stage: Place): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'whosin-kills-'));
  try {
    const place = placeIn(root);
    await cp(stage.work, place.work, { recursive: true });
    await wholeRun(['train', 'people', '-o', 'people.onnx'], place);
    await wholeRun(['train', 'discs', '--on', 'picture', '-o', 'discs.onnx'], place);
    for (const folder of ['models', 'optimised']) {
      await cp(join(place.home, folder), join(stage.home, folder), { recursive: true });
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const placeIn = (root: string): Place => ({ home: join(root, 'home'), work: join(root, 'work') });

const copied = (from: string, to: string): Promise<void> =>
  cp(from, to, { recursive: true, preserveTimestamps: true });

/** The command to its end, and the proof that its work is done. */
async function finished(
  { args, proof, mayRefuse }: Trial,
  place: Place,
): Promise<{ readonly answer: string; readonly seconds: number }> {
  const done = await run(args, place);
  if (done.status !== 0 && !mayRefuse) throw new Error(`status ${done.status}: ${done.stderr}`);
  const shown = proof === undefined ? done : await wholeRun(proof, place);
  // Times, counts of what the cache had, and the place differ from run to run.
  const answer = shown.stdout.replaceAll(/"(seconds|cached|computed|time)":\s*[\d.]+/g, '');
  return {
    answer: answer.replaceAll(place.home, 'HOME').replaceAll(place.work, 'WORK'),
    seconds: done.seconds,
  };
}

async function wholeRun(args: readonly string[], place: Place): Promise<Ended> {
  const ended = await run(args, place);
  if (ended.status !== 0) throw new Error(`${args.join(' ')}: status ${ended.status}: ${ended.stderr}`);
  return ended;
}

/** @param killAfter milliseconds after which the process is killed -9 */
async function run(args: readonly string[], { home, work }: Place, killAfter?: number): Promise<Ended> {
  const temporary = join(home, 'tmp');
  await mkdir(temporary, { recursive: true });
  const began = performance.now();
  const child = spawn(process.execPath, [mainFile, ...args], {
    cwd: work,
    env: { ...environmentWith(home), TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = Promise.all([buffer(child.stdout), buffer(child.stderr)]);
  const timer =
    killAfter === undefined ? undefined : globalThis.setTimeout(() => child.kill('SIGKILL'), killAfter);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  const [stdout, stderr] = (await said).map(String) as [string, string];
  return { status, stdout, stderr, seconds: (performance.now() - began) / 1000 };
}

/** Names of files that are not done yet, and of locks: they may be there until the next run. */
const passing = /\.tmp(\.\w+)?$|\.part(\.json)?$|\.incoming|\.outgoing|\.removed-|incoming|\.lock|\/lock$/;

/** Files under their own names that are not whole. */
async function tornIn(place: Place): Promise<string[]> {
  const torn: string[] = [];
  for (const path of await filesIn(place)) {
    if (passing.test(path)) continue;
    // A network is parsed once: there are 55 MB of them in each home, and they stay as they are.
    const { size, mtimeMs } = await stat(path);
    const state = [relative(place.home, path), size, mtimeMs].join(' ');
    if (networks.has(state)) continue;
    const why = await readable(path, await readFile(path)).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    if (why !== undefined) torn.push(`torn: ${relative(place.work, path)}: ${why}`);
    else if (extname(path) === '.onnx') networks.add(state);
  }
  return torn;
}

/** Those that are whole: the place in a home, the size and the age. */
const networks = new Set<string>();

async function readable(path: string, bytes: Buffer): Promise<unknown> {
  const text = bytes.toString();
  switch (extname(path)) {
    case '.onnx':
      return parseOnnx(bytes, path);
    case '.json':
      return JSON.parse(text);
    case '.xmp': {
      const { unread } = namesInXmp(bytes, { width: 100, height: 100, orientation: 1 });
      if (unread.length > 0) throw new Error(unread[0]);
      return undefined;
    }
    case '.ini':
      if (!text.endsWith('\n')) throw new Error('is cut off');
      return undefined;
    case '.html':
      if (!text.trimEnd().endsWith('</html>')) throw new Error('is cut off');
      return undefined;
    case '.jpg':
    case '.png': {
      const { damage } = await decodePhoto(bytes, path);
      if (damage) throw new Error('is cut off');
      return undefined;
    }
    default:
      return undefined;
  }
}

/** Files that nobody will clean up. */
async function leftIn(place: Place): Promise<string[]> {
  return (await filesIn(place))
    .filter((path) => passing.test(path))
    .map((path) => `left: ${relative(place.work, path)}`);
}

/** As if so many seconds had passed: a living process touches what it writes, and renews its lock. */
async function agedBy(seconds: number, place: Place): Promise<void> {
  const then = Date.now() / 1000 - seconds;
  for (const path of (await entriesIn(place)).filter((each) => passing.test(each))) {
    await utimes(path, then, then).catch(() => {});
  }
}

async function filesIn(place: Place): Promise<string[]> {
  const paths = await entriesIn(place);
  // ExifTool outlives the command that started it, and its temporary file goes.
  const infos = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return paths.filter((_, i) => infos[i]?.isFile() ?? false);
}

async function entriesIn({ home, work }: Place): Promise<string[]> {
  const all = await Promise.all(
    [home, work].map(async (root) =>
      (await readdir(root, { recursive: true })).map((path) => join(root, path)),
    ),
  );
  return all.flat();
}
