import { describe, expect, test } from 'vitest';
import type { Reason } from '../../src/collect/journal.ts';
import { type Judgement, judge, type SeenPhoto } from '../../src/collect/judge.ts';
import type { PhotoLook } from '../../src/collect/look.ts';
import { seededRandom } from '../../src/core/random.ts';
import type { Face } from '../../src/faces/find/face.ts';
import { loadBackground } from '../../src/faces/people/background-file.ts';
import type { TwoCovariance } from '../../src/learn/odds/two-covariance.ts';
import { faceApiPack } from '../../src/models/face-api.ts';
import { onOneCore } from '../one-core.ts';
import { drawPerson, drawPhoto, seededNormal } from '../synthetic-people.ts';

const real = await loadBackground(faceApiPack);
const k = real.between.length;

/** The model of the default pack in its own coordinates, so that faces can be drawn from it. */
const background: TwoCovariance = {
  ...real,
  mean: new Float32Array(k),
  basis: Float32Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0)),
};

const normal = seededNormal(7);
const people = Array.from({ length: 4 }, () => drawPerson(background, normal));

let drawn = 0;
const bits = seededRandom(3);

function face(person: number, { quality = 1, size = 100, left = 10 } = {}): Face {
  const values = drawPhoto(people[person]!, normal);
  const box = { unit: 'px', left, top: 10, width: size, height: size } as unknown as Face['box'];
  return { box, score: 1, quality, landmarks: [], embedding: { space: 'toy', values } };
}

/** Hashes of 64 bits drawn at random: those of different photos differ in about half. */
function seenPhoto(
  name: string,
  faces: readonly Face[] | string,
  more: Partial<SeenPhoto> & { copyOf?: SeenPhoto } = {},
): SeenPhoto {
  const id = String(drawn++).padStart(4, '0');
  const { copyOf, ...rest } = more;
  const own = Array.from({ length: 16 }, () => Math.floor(16 * bits()).toString(16)).join('');
  const original = copyOf && !('broken' in copyOf.look) ? copyOf.look.perceptualHash : undefined;
  const hash = original === undefined ? own : `${original.slice(0, 15)}${original.endsWith('0') ? '1' : '0'}`;
  const look: PhotoLook =
    typeof faces === 'string'
      ? { sha256: id, broken: faces }
      : { sha256: id, width: 400, height: 300, perceptualHash: hash, faces };
  return { name, sha256: id, path: `${name}/${id}.jpg`, reason: null, fixed: false, look, ...rest };
}

const compared = {
  background,
  compute: onOneCore,
};

const verdicts = async (photos: readonly SeenPhoto[]): Promise<Map<SeenPhoto, Judgement>> =>
  new Map((await judge(photos, { people: compared, minFace: 32 })).map((one) => [one.photo, one]));

const reasonsOf = async (photos: readonly SeenPhoto[]): Promise<(Reason | null)[]> => {
  const found = await verdicts(photos);
  return photos.map((photo) => found.get(photo)!.reason);
};

const annFolder = (): SeenPhoto[] => Array.from({ length: 6 }, () => seenPhoto('ann', [face(0)]));
const bobFolder = (): SeenPhoto[] => Array.from({ length: 6 }, () => seenPhoto('bob', [face(1)]));

describe('a photo is set aside', () => {
  test('for what it is alone: broken, without a face, with a tiny one', async () => {
    const odd = [
      seenPhoto('ann', 'is damaged'),
      seenPhoto('ann', []),
      seenPhoto('ann', [face(0, { size: 31 })]),
    ];
    const found = await verdicts([...annFolder(), ...odd]);
    expect(odd.map((photo) => found.get(photo))).toMatchObject([
      { reason: 'broken', why: 'is damaged' },
      { reason: 'no-face', why: 'shows no face that could be found' },
      { reason: 'small-face', why: 'shows a face of 31 pixels' },
    ]);
  });

  test('where the person’s face is tiny beside a large one of somebody else', async () => {
    const beside = seenPhoto('ann', [face(2, { size: 200 }), face(0, { size: 20, left: 300 })]);
    expect((await reasonsOf([...annFolder(), beside])).at(-1)).toBe('small-face');
  });

  test('as likely someone else, and it says who, where the others agree on another face', async () => {
    const stranger = seenPhoto('ann', [face(3)]);
    const bob = seenPhoto('ann', [face(1)]);
    const photos = [...annFolder(), ...bobFolder(), stranger, bob];
    const found = await verdicts(photos);
    expect(found.get(stranger)).toMatchObject({
      reason: 'someone-else',
      why: 'does not look like the other photos',
    });
    expect(found.get(bob)).toMatchObject({ reason: 'someone-else', why: 'looks like bob' });
    expect((await reasonsOf(photos)).filter((reason) => reason !== null)).toHaveLength(2);
  });

  test('as a copy, the largest staying', async () => {
    const [first, ...rest] = annFolder();
    const smaller = seenPhoto('ann', [face(0)], { copyOf: first! });
    const larger = seenPhoto('ann', [face(0)], { copyOf: first! });
    const large = { ...larger, look: { ...larger.look, width: 800, height: 600 } as PhotoLook };
    const found = await verdicts([first!, ...rest, smaller, large]);
    expect([first!, smaller, large].map((photo) => found.get(photo)!.reason)).toEqual([
      'duplicate',
      'duplicate',
      null,
    ]);
    expect(found.get(smaller)!.why).toBe(`is a copy of ${large.path}`);
  });

  test('where the same photo came for two names, from the one that it fits less', async () => {
    const inBob = seenPhoto('bob', [face(0), face(3, { left: 200 })]);
    const inAnn = { ...seenPhoto('ann', [], { copyOf: inBob }), look: inBob.look };
    const found = await verdicts([...annFolder(), ...bobFolder(), inBob, inAnn]);
    expect(found.get(inAnn)!.reason).toBeNull();
    expect(found.get(inBob)!.reason).not.toBeNull();
    const both = seenPhoto('bob', [face(1), face(0, { left: 200 })]);
    const again = { ...seenPhoto('ann', [], { copyOf: both }), look: both.look };
    const reasons = (await reasonsOf([...annFolder(), ...bobFolder(), both, again])).slice(-2);
    expect(new Set(reasons)).toEqual(new Set(['duplicate', null]));
  });
});

describe('a photo stays', () => {
  test('where its face is too unclear to say anything, and is marked', async () => {
    const unclear = seenPhoto('ann', [face(3, { quality: 0.02 })]);
    expect((await verdicts([...annFolder(), unclear])).get(unclear)).toMatchObject({
      reason: null,
      unclear: true,
    });
  });

  test('with its right face where it shows several', async () => {
    const several = seenPhoto('ann', [face(2, { size: 120 }), face(0, { left: 200 })]);
    expect((await verdicts([...annFolder(), several])).get(several)).toMatchObject({ reason: null, face: 1 });
  });

  test('where nobody can say who is wrong: two that disagree', async () => {
    expect(await reasonsOf([seenPhoto('ann', [face(0)]), seenPhoto('ann', [face(1)])])).toEqual([null, null]);
  });
});

describe('what a person decided', () => {
  test('is the copy that stays, however small', async () => {
    const [first, ...rest] = annFolder();
    const kept = seenPhoto('ann', [face(0)], { copyOf: first!, fixed: true });
    const small = { ...kept, look: { ...kept.look, width: 40, height: 30 } as PhotoLook };
    const reasons = await reasonsOf([first!, ...rest, small]);
    expect(reasons).toEqual(['duplicate', null, null, null, null, null, null]);
  });

  test('to set aside says nothing about who the person is, and holds for copies of it', async () => {
    const wrong = Array.from({ length: 8 }, () =>
      seenPhoto('ann', [face(2)], { fixed: true, reason: 'someone-else' }),
    );
    const copy = seenPhoto('ann', [face(2)], { copyOf: wrong[0]! });
    const photos = [...annFolder(), ...wrong, copy];
    const found = await verdicts(photos);
    expect(photos.slice(0, 6).map((photo) => found.get(photo)!.reason)).toEqual(Array(6).fill(null));
    expect(found.get(copy)!.reason).toBe('duplicate');
  });
});

test('the judgement does not depend on the order of the photos', async () => {
  const photos = [...annFolder(), ...bobFolder(), seenPhoto('ann', [face(3)]), seenPhoto('bob', [face(0)])];
  const forward = await verdicts(photos);
  const backward = await verdicts(photos.toReversed());
  for (const photo of photos) expect(backward.get(photo)).toEqual(forward.get(photo));
});

test('of things only copies are found', async () => {
  const thing = (photo: SeenPhoto): SeenPhoto => {
    const { faces: _, ...look } = photo.look as Exclude<PhotoLook, { readonly broken: string }>;
    return { ...photo, look };
  };
  const first = thing(seenPhoto('ant', []));
  const copy = thing(seenPhoto('ant', [], { copyOf: first }));
  const other = thing(seenPhoto('bee', []));
  const judged = await judge([first, copy, other], { minFace: 32 });
  expect(judged.map(({ reason }) => reason)).toEqual([null, 'duplicate', null]);
});
