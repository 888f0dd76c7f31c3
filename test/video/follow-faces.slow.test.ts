/** Real faces on made frames: no ffmpeg is needed, and where everybody is, is known. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cutout, cutOut, paste } from '../../bench/support/made-clip.ts';
import { readConfig } from '../../src/config.ts';
import { iou } from '../../src/core/geometry.ts';
import type { RgbImage } from '../../src/core/image.ts';
import type { FaceSteps } from '../../src/faces/find/face-steps.ts';
import { type FaceReader, openFaceReader } from '../../src/faces/find/read-faces.ts';
import { loadBackground } from '../../src/faces/people/background-file.ts';
import type { TwoCovariance } from '../../src/learn/odds/two-covariance.ts';
import { faceApiPack } from '../../src/models/face-api.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { followFaces } from '../../src/video/follow-faces.ts';
import type { Frame } from '../../src/video/frames.ts';
import { linkTracks } from '../../src/video/link.ts';
import { readTracks } from '../../src/video/read-tracks.ts';
import { poolFaces, samePersonBy, type Track, trackOdds } from '../../src/video/track.ts';
import { boxAt, type TrackFace } from '../../src/video/tracklet.ts';
import { type DemoPerson, portrait } from '../demo-people.ts';
import { describeWithSharedData, sharedData } from '../shared-data.ts';
import { sharedFolder } from '../shared-folder.ts';
import { warmHome } from '../warm-home.ts';
import { describeWithFfmpeg } from './clips.ts';

const folder = sharedFolder();
let reader: FaceReader;
let background: TwoCovariance;
const cast = new Map<DemoPerson, Cutout>();
const looks = new Map<DemoPerson, TrackFace>();

beforeAll(async () => {
  await warmHome(folder.path);
  reader = openFaceReader(faceApiPack, { home: folder.path, threads: 1 });
  background = await loadBackground(faceApiPack);
  for (const person of ['mona', 'nell'] as const) {
    const { image } = await decodePhoto(await portrait(person).toBuffer(), person);
    const [face] = await reader.steps.detect(image);
    cast.set(person, cutOut(image, face!.box, 70));
    const landmarks = await reader.steps.locate(image, [face!]);
    const [embedded] = await reader.steps.embed(image, landmarks);
    looks.set(person, { time: 0, box: face!.box, quality: 1, embedding: embedded!.embedding });
  }
});

afterAll(() => reader.close());

/** Middle of a face, in pixels of a frame of 640 × 320; nothing where the person is not there. */
type Play = (time: number) => Readonly<Partial<Record<DemoPerson, readonly [x: number, y: number]>>>;

interface Staging {
  /** Seconds. */
  readonly cut?: number;
  readonly steps?: FaceSteps;
}

/** Six frames a second. */
async function play(
  seconds: number,
  scene: Play,
  { cut, steps = reader.steps }: Staging = {},
): Promise<Track[]> {
  const follower = followFaces(steps, samePersonBy(background));
  let before = -1;
  for (let index = 0; index < seconds * 6; index++) {
    const time = index / 6;
    const cuts = cut !== undefined && cut > before && cut <= time ? [cut] : [];
    const frame: Frame = { index, time, image: draw(scene(time)), cuts };
    await follower.look(frame);
    before = time;
  }
  return linkTracks(background, await follower.end());
}

function draw(scene: ReturnType<Play>): RgbImage {
  const image = { width: 640, height: 320, data: new Uint8Array(640 * 320 * 3).fill(120) };
  for (const [person, place] of Object.entries(scene)) {
    const cutout = cast.get(person as DemoPerson)!;
    const { face } = cutout;
    const [x, y] = place;
    paste(
      image,
      cutout,
      Math.round(x - face.left - face.width / 2),
      Math.round(y - face.top - face.height / 2),
    );
  }
  return image;
}

function who(track: Track): DemoPerson {
  const probe = poolFaces(track.faces);
  const odds = (person: DemoPerson): number => trackOdds(background, probe, looks.get(person)!);
  return odds('mona') > odds('nell') ? 'mona' : 'nell';
}

test('two people in their places are two tracks, from the first frame to the last', async () => {
  const tracks = await play(2, (t) => ({
    mona: [160 + 20 * Math.sin(t * 3), 160],
    nell: [480, 160 + 15 * Math.cos(t * 4)],
  }));
  expect(
    tracks
      .map((track) => [who(track), track.from, track.to, track.sightings.length])
      .toSorted(([a], [b]) => (a! < b! ? -1 : 1)),
  ).toEqual([
    ['mona', 0, 11 / 6, 12],
    ['nell', 0, 11 / 6, 12],
  ]);
  const mona = tracks.find((track) => who(track) === 'mona')!;
  const box = boxAt(mona.sightings, 1)!;
  expect(box.left + box.width / 2).toBeCloseTo(160 + 20 * Math.sin(3), -1.2);
});

test('two people who cross keep their tracks, by their faces', async () => {
  const tracks = await play(4, (t) => ({ mona: [120 + 100 * t, 150], nell: [520 - 100 * t, 170] }));
  for (const track of tracks) {
    // This person is at the places of the track: before the crossing and after it.
    for (const { time, box } of track.sightings) {
      const x = who(track) === 'mona' ? 120 + 100 * time : 520 - 100 * time;
      expect(Math.abs(box.left + box.width / 2 - x)).toBeLessThan(45);
    }
  }
  expect(new Set(tracks.map(who))).toEqual(new Set(['mona', 'nell']));
  expect(tracks.length).toBeLessThanOrEqual(3);
});

test('who leaves and comes back a moment later goes on in the same track', async () => {
  const tracks = await play(5, (t) =>
    t > 1.6 && t < 3.4 ? { nell: [500, 160] } : { mona: [150, 160], nell: [500, 160] },
  );
  const own = tracks.filter((track) => who(track) === 'mona');
  expect(own).toHaveLength(1);
  expect(boxAt(own[0]!.sightings, 2.5)).toBeUndefined();
  expect(own[0]!.to).toBeGreaterThan(4.5);
});

test('at a cut every track ends, though the next face is at the same place', async () => {
  const tracks = await play(3, (t) => (t < 1.5 ? { mona: [320, 160] } : { nell: [320, 160] }), { cut: 1.5 });
  expect(tracks.map(who)).toEqual(['mona', 'nell']);
  expect(tracks[0]!.to).toBeLessThan(1.5);
  expect(tracks[1]!.from).toBeGreaterThanOrEqual(1.5);
});

test('where a cut was missed, the face tells', async () => {
  const tracks = await play(4, (t) => (t < 2 ? { mona: [320, 160] } : { nell: [320, 160] }));
  expect(tracks.map(who)).toEqual(['mona', 'nell']);
  expect(iou(tracks[0]!.sightings[0]!.box, tracks[1]!.sightings[0]!.box)).toBeGreaterThan(0.3);
});

test('a head that swings half its width from look to look stays in its box', async () => {
  const place = (t: number): readonly [number, number] => [320 + 40 * Math.sin(t * 5), 160];
  const tracks = await play(3, (t) => ({ mona: place(t) }));
  expect(tracks.map(({ sightings }) => sightings.length)).toEqual([18]);
  for (const { time, box } of tracks[0]!.sightings) {
    expect(Math.abs(box.left + box.width / 2 - place(time)[0])).toBeLessThan(box.width / 4);
  }
});

test('a scene is searched thoroughly at its beginning, and glanced at twice a second from then on', async () => {
  const efforts: (string | undefined)[] = [];
  const steps: FaceSteps = {
    ...reader.steps,
    detect(image, effort) {
      efforts.push(effort);
      return reader.steps.detect(image, effort);
    },
  };
  await play(3, () => ({ mona: [160, 160], nell: [480, 160] }), { cut: 2, steps });
  expect(efforts).toEqual(['frame', 'glance', 'glance', 'glance', 'frame', 'glance']);
});

test('nobody is there: no tracks', async () => {
  expect(await play(1, () => ({}))).toEqual([]);
});

describeWithSharedData('beside ../shared/data', () => {
  describeWithFfmpeg(
    'a head that fills the frame, seen from the side, moves fast and is cut off by its edge',
    () => {
      // A search found it once in half a second, its points never: so nobody was followed.
      test('is followed from look to look', async () => {
        const path = sharedData('video', 'short_hamilton_clip.mp4');
        const { tracks } = await readTracks(path, { reader, background }, readConfig(), {
          start: 1.55,
          end: 2.55,
        });
        expect(tracks).toHaveLength(1);
        const { sightings } = tracks[0]!;
        expect(sightings.length).toBeGreaterThanOrEqual(5);
        // By eye, in pixels of the clip, 640 wide: it leans forward to the left, and turns back to the right.
        for (const [time, x, y] of [
          [1.65, 465, 161],
          [1.98, 417, 226],
          [2.31, 502, 227],
        ] as const) {
          const box = boxAt(sightings, time)!;
          expect(Math.abs(box.left + box.width / 2 - x)).toBeLessThan(80);
          expect(Math.abs(box.top + box.height / 2 - y)).toBeLessThan(80);
        }
      });
    },
  );
});
