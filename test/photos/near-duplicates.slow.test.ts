import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { hammingDistance, perceptualHash } from '../../src/core/perceptual-hash.ts';
import { seededRandom } from '../../src/core/random.ts';
import { copiesDifferBy, groupNearDuplicates } from '../../src/photos/near-duplicates.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { describeWithSharedData, sharedData } from '../shared-data.ts';

function flipped(hash: string, bits: readonly number[]): string {
  const mask = bits.reduce((sum, bit) => sum ^ (1n << BigInt(bit)), 0n);
  return (BigInt(`0x${hash}`) ^ mask).toString(16).padStart(16, '0');
}

function randomHash(random: () => number): string {
  return Array.from({ length: 16 }, () => Math.floor(random() * 16).toString(16)).join('');
}

/** By comparing all pairs until nothing changes. */
function groupsByDefinition(hashes: readonly string[], bits: number): number[] {
  const groups = hashes.map((_, i) => i);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [i, a] of hashes.entries()) {
      for (const [j, b] of hashes.entries()) {
        if (groups[i]! < groups[j]! && hammingDistance(a, b) <= bits) {
          groups[j] = groups[i]!;
          changed = true;
        }
      }
    }
  }
  return groups;
}

const zero = '0'.repeat(16);

describe('groupNearDuplicates', () => {
  test('names each group by its first member, in the order given', () => {
    expect(groupNearDuplicates([])).toEqual([]);
    expect(groupNearDuplicates([zero])).toEqual([0]);
    expect(groupNearDuplicates(['f'.repeat(16), zero, flipped(zero, [3]), 'f'.repeat(16), zero])).toEqual([
      0, 1, 1, 0, 1,
    ]);
  });

  test('joins up to the given number of bits and not one more, wherever the bits lie', () => {
    const random = seededRandom(11);
    for (const bits of [0, 1, 3, 4, 7, 8, 12]) {
      for (let round = 0; round < 20; round++) {
        const places = Array.from({ length: 64 }, (_, bit) => ({ bit, key: random() }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ bit }) => bit);
        const hash = randomHash(random);
        expect(groupNearDuplicates([hash, flipped(hash, places.slice(0, bits))], bits)).toEqual([0, 0]);
        expect(groupNearDuplicates([hash, flipped(hash, places.slice(0, bits + 1))], bits)).toEqual([0, 1]);
      }
    }
  });

  test('a chain of near-duplicates is one group, whatever the order', () => {
    const chain = Array.from({ length: 8 }, (_, i) =>
      flipped(
        zero,
        Array.from({ length: i * 7 }, (__, bit) => bit),
      ),
    );
    expect(new Set(groupNearDuplicates(chain))).toEqual(new Set([0]));
    expect(new Set(groupNearDuplicates(chain.toReversed()))).toEqual(new Set([0]));
    expect(groupNearDuplicates(chain.filter((_, i) => i !== 4))).toEqual([0, 0, 0, 0, 4, 4, 4]);
  });

  test.each([400, 1600])('finds the same groups as comparing every pair, of %i photos', (count) => {
    const random = seededRandom(7);
    const centres = Array.from({ length: 40 }, () => randomHash(random));
    const hashes = Array.from({ length: count }, () => {
      const bits = Array.from({ length: Math.floor(random() * 9) }, () => Math.floor(random() * 64));
      return flipped(centres[Math.floor(random() * 40)]!, bits);
    });
    for (const bits of [0, 2, 5, 7]) {
      expect(groupNearDuplicates(hashes, bits)).toEqual(groupsByDefinition(hashes, bits));
    }
  });

  test('handles 10,000 photos, and as many copies of one', () => {
    const random = seededRandom(3);
    const hashes = Array.from({ length: 10_000 }, () => randomHash(random));
    expect(new Set(groupNearDuplicates(hashes)).size).toBeGreaterThan(9_990);
    expect(new Set(groupNearDuplicates(hashes.map(() => zero)))).toEqual(new Set([0]));
  });
});

async function photosIn(...folders: readonly string[]): Promise<string[]> {
  const listed = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(sharedData(folder), { recursive: true });
      return names.filter((name) => name.endsWith('.jpg')).map((name) => sharedData(folder, name));
    }),
  );
  return listed.flat().toSorted();
}

async function hashOf(bytes: Uint8Array, name: string): Promise<string> {
  return perceptualHash((await decodePhoto(bytes, name)).image);
}

/** Changes that people and programs make to a photo that stays the same photo. */
function copies(bytes: Uint8Array, width: number, height: number): Sharp[] {
  const photo = (): Sharp => sharp(bytes).autoOrient();
  const edge = { left: Math.max(1, Math.round(width / 100)), top: Math.max(1, Math.round(height / 100)) };
  const inner = { width: width - 2 * edge.left, height: height - 2 * edge.top };
  return [
    photo().jpeg({ quality: 30 }),
    photo().webp({ quality: 75 }),
    photo()
      .resize(Math.round(width / 2))
      .jpeg(),
    photo().resize(300).jpeg(),
    photo()
      .extract({ ...edge, ...inner })
      .jpeg(),
  ];
}

describeWithSharedData('photos of ../shared/data', () => {
  test('different photos stay apart: the only groups are photos that really are in there twice', async () => {
    const paths = await photosIn('faces/sports-dev', 'faces/celeb5');
    const hashes: string[] = [];
    for (const path of paths) hashes.push(await hashOf(await readFile(path), path));
    const groups = groupNearDuplicates(hashes);
    const joined = paths
      .map((path, i) => [basename(paths[groups[i]!]!).slice(0, 20), basename(path).slice(0, 20)] as const)
      .filter((_, i) => groups[i] !== i);
    expect(paths.length).toBeGreaterThan(200);
    expect(joined).toEqual([
      ['httpsmedialivenation', 'httpstatictherichest'],
      ['httpsrobertaccettura', 'httpsuploadwikimedia'],
      ['virat_kohli-08.jpg', 'virat_kohli-19.jpg'],
    ]);
  });

  test('copies of a photo join it: saved again, scaled, cropped by one hundredth', async () => {
    const paths = (await photosIn('faces/sports-dev', 'faces/celeb5')).filter((_, i) => i % 5 === 0);
    let made = 0;
    let missed = 0;
    for (const path of paths) {
      const bytes = await readFile(path);
      const { image, width, height } = await decodePhoto(bytes, path);
      const hashes = [perceptualHash(image)];
      for (const copy of copies(bytes, width, height)) hashes.push(await hashOf(await copy.toBuffer(), path));
      const [own, ...others] = groupNearDuplicates(hashes, copiesDifferBy);
      made += others.length;
      missed += others.filter((group) => group !== own).length;
    }
    // The limits are for the copies in this test; near-duplicates.ts names the figures for all photos.
    expect(made).toBeGreaterThan(200);
    expect(missed).toBeLessThanOrEqual(1);
  });
});
