/**
 * How well people are followed and named in a made clip in which everything is known.
 *
 *   npx tsx bench/video-tracks.ts SPORTS STRANGERS BACKGROUNDS [--every N] [--seed N] [--keep CLIP]
 *
 * SPORTS: a folder for each person; the first 15 photos of each are trained on, the others are cut out and moved.
 * STRANGERS: a folder for each of many people, none of them trained. BACKGROUNDS: photos without people.
 * The clip: 24 scenes of 5 seconds, 1280 × 720, 25 frames a second. Two to four people each: some stand and sway,
 * some cross each other, some leave and come back. Everything follows from a seed.
 *
 * Identity switches are counted as in Bernardin & Stiefelhagen, "Evaluating multiple object tracking performance: the
 * CLEAR MOT metrics", 2008: a face that is seen goes to another track than the last time it was seen. A face is asked
 * about where at least half of it is visible.
 */

import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { assign } from '../src/core/assignment.ts';
import { meanDirection } from '../src/core/embedding.ts';
import { iou } from '../src/core/geometry.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { type Decision, decision, type Probe, posterior } from '../src/faces/people/gallery.ts';
import type { PeopleModel } from '../src/faces/people/model-file.ts';
import { identifyVideo } from '../src/video/identify-video.ts';
import { assignOverTime } from '../src/video/joint-over-time.ts';
import type { NamedTrack } from '../src/video/name-tracks.ts';
import { poolFaces } from '../src/video/track.ts';
import { writeClip } from './support/made-clip.ts';
import { report } from './support/results.ts';
import { makeScenes } from './support/video-scenes.ts';

const { values, positionals } = parseArgs({
  options: {
    every: { type: 'string' },
    seed: { type: 'string', default: '7' },
    keep: { type: 'string' },
    quick: { type: 'boolean' },
  },
  allowPositionals: true,
});
const [sports, strangers, backgrounds] = positionals;
if (sports === undefined || strangers === undefined || backgrounds === undefined) {
  throw new Error(
    'Usage: npx tsx bench/video-tracks.ts SPORTS STRANGERS BACKGROUNDS [--every N] [--seed N] [--keep CLIP]',
  );
}
const rate = 25;
const folder = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const faces = await openFaces();
try {
  const model = await trainOnFirst(15);
  const scenes = await makeScenes(faces, {
    sports,
    strangers,
    backgrounds,
    from: 15,
    seed: Number(values.seed),
  });
  const clip = values.keep ?? join(folder, 'clip.mp4');
  const truth = await writeClip(clip, scenes, rate);
  const started = performance.now();
  const video = await identifyVideo(clip, model, faces, readConfig(), {
    frames: true,
    ...(values.every !== undefined && { every: Number(values.every) }),
  });
  const took = (performance.now() - started) / 1000;
  const minutes = truth.length / rate / 60;

  const enrolled = new Set(model.people);
  const pools: Record<string, (track: NamedTrack) => Probe> = {
    'as shipped': ({ faces: all }) => poolFaces(all),
    'clearest frame': ({ faces: all }) => all.toSorted((a, b) => b.quality - a.quality)[0]!,
    'mean of all': ({ faces: all }) => ({
      embedding: { space: model.space, values: meanDirection(all.map(({ embedding }) => embedding.values)) },
      quality: Math.max(...all.map(({ quality }) => quality)),
    }),
  };
  const decided = Object.fromEntries(
    Object.entries(pools).map(([name, pool]) => [name, decideAll(model, video.tracks, pool)]),
  );
  const tally = new Map<
    string,
    { right: number; wrong: number; unknown: number; asked: number; loss: number }
  >();
  const count = (how: string, truePerson: string, answer: Decision): void => {
    const own = tally.get(how) ?? { right: 0, wrong: 0, unknown: 0, asked: 0, loss: 0 };
    tally.set(how, own);
    own.asked++;
    const name = answer.kind === 'known' ? answer.person : undefined;
    const known = enrolled.has(truePerson);
    if (name === undefined) own[known ? 'unknown' : 'right']++;
    else own[name === truePerson ? 'right' : 'wrong']++;
    const p = known
      ? (answer.candidates.find(({ person }) => person === truePerson)?.probability ?? 0)
      : answer.unknown;
    own.loss -= Math.log(Math.max(p, 1e-6));
  };

  let [asked, found, extra, switches] = [0, 0, 0, 0];
  const last = new Map<number, number>();
  const tracksOf = new Map<number, Set<number>>();
  const appearances = new Set<number>();
  for (const { index, faces: seen } of video.looks) {
    const there = truth[index]!.filter(({ visible }) => visible >= 0.5);
    for (const { appearance } of there) appearances.add(appearance);
    const pairs = assign(
      there.map((t) => seen.map((s) => (iou(t.box, s.box) >= 0.3 ? 1 - iou(t.box, s.box) : Infinity))),
    );
    asked += there.length;
    const anywhere = seen.filter(
      ({ box, track }) => track !== null && truth[index]!.every((t) => iou(t.box, box) < 0.2),
    );
    extra += anywhere.length;
    for (const [i, column] of pairs.entries()) {
      const face = seen[column];
      if (face === undefined || face.track === null) continue;
      found++;
      const { appearance, person } = there[i]!;
      if (last.has(appearance) && last.get(appearance) !== face.track) switches++;
      last.set(appearance, face.track);
      tracksOf.set(face.track, (tracksOf.get(face.track) ?? new Set()).add(appearance));
      count('each frame by itself', person, face.decision);
      for (const [name, decisions] of Object.entries(decided))
        count(`track, ${name}`, person, decisions[face.track]!);
    }
  }
  const mixed = [...tracksOf.values()].filter((of) => of.size > 1).length;
  await report('video-tracks', {
    title: `A made clip of ${(minutes * 60).toFixed(0)} s, seed ${values.seed}: followed`,
    rows: [
      {
        'cuts found': `${video.cuts.length} of ${scenes.length - 1}`,
        appearances: appearances.size,
        tracks: video.tracks.length,
        'of more than one person': mixed,
        'identity switches': switches,
        'a minute': (switches / minutes).toFixed(1),
        'faces followed': `${percent(found / asked)}, ${found} of ${asked}`,
        'boxes where nobody is': extra,
      },
    ],
    notes: [`${took.toFixed(0)} s; every ${Math.round(truth.length / video.looks.length)} frames looked at.`],
  });
  await report('video-tracks', {
    title: `A made clip of ${(minutes * 60).toFixed(0)} s, seed ${values.seed}: named`,
    rows: [...tally].map(([answer, { right, wrong, unknown, asked: n, loss }]) => ({
      answer,
      right: percent(right / n),
      'wrong name': percent(wrong / n),
      'called unknown': percent(unknown / n),
      'log loss': (loss / n).toFixed(3),
    })),
  });
} finally {
  await faces.close();
  await rm(folder, { recursive: true, force: true });
}

function decideAll(
  model: PeopleModel,
  tracks: readonly NamedTrack[],
  pool: (track: NamedTrack) => Probe,
): Decision[] {
  const alone = tracks.map((track) => ({
    from: track.from,
    to: track.to,
    alone: posterior(model, pool(track)),
  }));
  return assignOverTime(alone).map((each) => decision(model, each));
}

async function trainOnFirst(photos: number): Promise<PeopleModel> {
  const root = join(folder, 'people');
  for (const person of await readdir(sports!)) {
    await mkdir(join(root, person), { recursive: true });
    const names = (await readdir(join(sports!, person))).toSorted().slice(0, photos);
    for (const name of names) await cp(join(sports!, person, name), join(root, person, name));
  }
  return (await faces.train(root)).model;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
