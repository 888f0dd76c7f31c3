/**
 * How fast a video is read, and whether memory grows with its length.
 *
 *   npx tsx bench/video-speed.ts PHOTOS BACKGROUNDS [SECONDS...]
 *
 * PHOTOS: a folder for each of two people or more; BACKGROUNDS: photos without people. The clip: 1920 × 1080, 30
 * frames a second, two faces that sway, ten seconds that are repeated for longer clips (10 and 600 if left out).
 * Time is that of a process of its own with two threads, from its start to its end, with opening the networks; CPU
 * seconds are those of it and of ffmpeg together, so that a busy machine can be told from a slow program.
 */

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { readConfig } from '../src/config.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { savePeopleModel } from '../src/faces/people/people-model.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { resize } from '../src/runtime/resize.ts';
import { cutOut, writeClip } from './support/made-clip.ts';
import { places, type Row, report } from './support/results.ts';

const { ffmpeg = 'ffmpeg' } = readConfig();
const [photos, backgrounds, ...lengths] = places;
if (photos === undefined || backgrounds === undefined) {
  throw new Error('Usage: npx tsx bench/video-speed.ts PHOTOS BACKGROUNDS [SECONDS...]');
}
const folder = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
try {
  await makeClip(photos, backgrounds);
  const rows: Row[] = [];
  for (const seconds of lengths.length > 0 ? lengths.map(Number) : [10, 600]) {
    const clip = join(folder, `${seconds}.mp4`);
    const repeat = String(Math.max(0, Math.round(seconds / 10) - 1));
    await promisify(execFile)(ffmpeg, [
      '-loglevel',
      'error',
      '-stream_loop',
      repeat,
      '-i',
      join(folder, 'ten.mp4'),
      '-c',
      'copy',
      clip,
    ]);
    const { wall, cpu, peak, looked } = await measure(clip);
    rows.push({
      clip: `${seconds} s`,
      'times real time': (seconds / wall).toFixed(2),
      'CPU s a second of clip': (cpu / seconds).toFixed(2),
      'frames looked at': looked,
      'peak MB': Math.round(peak),
    });
  }
  await report('video-speed', { title: 'Videos of 1920 × 1080, 30 frames a second, two faces', rows });
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function makeClip(root: string, scenery: string): Promise<void> {
  const faces = await openFaces();
  const { model } = await faces.train(root);
  await savePeopleModel(join(folder, 'people.onnx'), model);
  const actors = [];
  for (const [i, person] of model.people.slice(0, 2).entries()) {
    for (const name of (await readdir(join(root, person))).toSorted()) {
      const path = join(root, person, name);
      const photo = await decodePhoto(await readFile(path), path);
      const read = await faces.reader.read(photo);
      if (read.faces.length !== 1 || read.faces[0]!.quality < 0.9) continue;
      const box = (await faces.reader.steps.detect(photo.image))[0]!.box;
      const home = 640 * (i + 1);
      const path2 = (t: number) => ({
        x: home + 120 * Math.sin((t / 10) * 4 * Math.PI + i),
        y: 500 + 30 * Math.sin((t / 10) * 6 * Math.PI),
      });
      actors.push({ person, cutout: cutOut(photo.image, box, 150), path: path2 });
      break;
    }
  }
  const [first] = (await readdir(scenery)).filter((name) => /\.jpe?g$/i.test(name)).toSorted();
  const { image } = await decodePhoto(await readFile(join(scenery, first!)), first!);
  await faces.close();
  const background = await resize(image, 1920, 1080);
  await writeClip(join(folder, 'ten.mp4'), [{ seconds: 10, background, actors }], 30);
}

/** The built command as a person runs it; it says itself how much memory it had at most. */
async function measure(clip: string): Promise<{ wall: number; cpu: number; peak: number; looked: number }> {
  const main = new URL('../dist/cli/main.js', import.meta.url).pathname;
  const probe = `
    process.on('exit', () => {
      process.stderr.write('\\nUSED ' + process.resourceUsage().maxRSS / 1024 + '\\n');
    });
    await import(${JSON.stringify(main)});`;
  const args = [
    '--input-type=module',
    '-e',
    probe,
    main,
    'identify',
    clip,
    '-m',
    join(folder, 'people.onnx'),
    '--json',
  ];
  const began = performance.now();
  const before = childSeconds();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, WHOSIN_THREADS: '2' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
  await once(child, 'close');
  const wall = (performance.now() - began) / 1000;
  const used = /USED (.*)/.exec(stderr)?.[1];
  if (used === undefined || stdout === '') throw new Error(stderr);
  const { read } = JSON.parse(stdout) as { readonly read: { readonly looked: number } };
  return { wall, cpu: (await childSeconds()) - (await before), peak: Number(used), looked: read.looked };
}

/** CPU seconds of all children that ended, theirs included: fields 16 and 17 of Linux's /proc/self/stat. */
async function childSeconds(): Promise<number> {
  const fields = (await readFile('/proc/self/stat', 'utf8')).split(') ')[1]!.split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
