/**
 * A person taught from one part of a clip, asked about in the rest.
 *
 *   npx tsx bench/video-holdout.ts CLIP FROM TO PEOPLE
 *
 * Four frames a second between FROM and TO (seconds) become the folder `shown`; the people of PEOPLE, a folder for
 * each, are taught beside. Then the whole clip is read, and every track is printed: whose it is, has to be looked at.
 */

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readConfig } from '../src/config.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { identifyVideo } from '../src/video/identify-video.ts';

const [clip, from, to, people] = process.argv.slice(2);
if (clip === undefined || from === undefined || to === undefined || people === undefined) {
  throw new Error('Usage: npx tsx bench/video-holdout.ts CLIP FROM TO PEOPLE');
}
const config = readConfig();
const folder = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const faces = await openFaces();
try {
  await cp(people, folder, { recursive: true });
  await mkdir(join(folder, 'shown'));
  const cut = [
    '-loglevel',
    'error',
    '-ss',
    from,
    '-to',
    to,
    '-i',
    clip,
    '-vf',
    'fps=4',
    join(folder, 'shown', '%d.jpg'),
  ];
  await promisify(execFile)(config.ffmpeg ?? 'ffmpeg', cut);
  const { model } = await faces.train(folder);
  const video = await identifyVideo(clip, model, faces, config, { frames: true });
  console.log(`cuts at ${video.cuts.map((time) => time.toFixed(2)).join(', ')}`);
  for (const [i, track] of video.tracks.entries()) {
    const { decision, quality, unknown, sightings } = track;
    const name =
      decision.kind === 'known' ? decision.person : unknown === null ? 'unclear' : `unknown ${unknown}`;
    const alone = video.looks.flatMap((look) => look.faces.filter((face) => face.track === i));
    const shown = alone.filter(
      (face) => face.decision.kind === 'known' && face.decision.person === 'shown',
    ).length;
    const { left, top, width, height } = sightings[0]!.box;
    const place = [left, top, width, height].map(Math.round).join(',');
    console.log(
      `${track.from.toFixed(2)}-${track.to.toFixed(2)} at ${place}: ${name} ${decision.probability.toFixed(3)} (quality ${quality.toFixed(2)}; by themselves, ${shown} of ${alone.length} frames say "shown")`,
    );
  }
} finally {
  await faces.close();
  await rm(folder, { recursive: true, force: true });
}
