/** Promises of every model pack. A new pack joins by its line in `packs`. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/core/random.ts';
import { loadBackground } from '../../src/faces/people/background-file.ts';
import { compile } from '../../src/models/compilers.ts';
import { faceApiPack } from '../../src/models/face-api.ts';
import { detectorNetwork } from '../../src/models/face-detector-pack.ts';
import { facePackOf } from '../../src/models/face-embedder-pack.ts';
import type { FacePack } from '../../src/models/face-pack.ts';
import type { Dimension } from '../../src/models/graph/writer.ts';
import type { NetworkSpec } from '../../src/models/network.ts';
import { type Network, openNetwork } from '../../src/runtime/session.ts';
import { readVerified } from '../../src/runtime/weight-files.ts';
import { published } from './toy-detectors.ts';
import { toyDetectorPack, toyFacePack } from './toy-face-packs.ts';

const files = await mkdtemp(join(tmpdir(), 'whosin-packs-'));
afterAll(() => rm(files, { recursive: true, force: true }));

const packs: readonly FacePack[] = [
  faceApiPack,
  facePackOf(await toyFacePack(files, 'arcface')),
  facePackOf(await toyFacePack(files, 'sface')),
];

/** Sizes for the dimensions of the input that are free until the graph runs. */
const freeSizes: Readonly<Record<string, number>> = { height: 96, width: 128 };

/** Detectors that may take the place of a pack's own. */
const detectors = [
  await toyDetectorPack(files, 'published', published),
  await toyDetectorPack(files, 'free', { ...published, declared: undefined }),
];

/** Packs may share a detector and landmarks. */
const networks = [
  ...new Set([
    ...packs.flatMap((pack) => [
      pack.detector,
      ...(pack.secondDetector ? [pack.secondDetector] : []),
      pack.landmarks,
      ...pack.embedders.map(({ network }) => network),
    ]),
    ...detectors.map(detectorNetwork),
  ]),
];

test.each([...packs, ...networks].map((data) => [data.name, data] as const))(
  '%s is plain data: as JSON it is the same',
  (_name, data) => {
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  },
);

test('no two packs share a name or a space, no two networks a name', () => {
  for (const names of [packs.map((p) => p.name), packs.map((p) => p.space), networks.map((n) => n.name)]) {
    expect(new Set(names).size).toBe(names.length);
  }
});

const pointCount = ({ landmarks }: FacePack): number => Number(landmarks.outputs[0]!.shape[1]) / 3;

describe.each(packs)('pack $name', (pack) => {
  const { background, embedders, landmarkPoints, landmarks } = pack;

  test('lays the whole face inside the chip that each embedder takes, and into it all points it goes by', () => {
    for (const { network, looks } of embedders) {
      expect(looks.length).toBeGreaterThanOrEqual(1);
      for (const { chip, points, targets } of looks.map((look) => look.alignment)) {
        expect(network.input.shape.slice(1)).toEqual([chip, chip, 3]);
        expect(points.length).toBe(targets.length);
        expect(new Set(points).size).toBe(points.length);
        expect(points.length).toBeGreaterThanOrEqual(2);
        for (const index of points.flat()) expect(index).toBeLessThan(pointCount(pack));
        for (const { x, y } of targets) {
          expect(Math.min(x, y)).toBeGreaterThan(0);
          expect(Math.max(x, y)).toBeLessThan(chip);
        }
      }
    }
  });

  test('has embedders whose shares add up to one', () => {
    expect(embedders.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
  });

  test('names points that its landmark network gives, in a square that it takes', () => {
    const { chip, forehead, chin, kept } = landmarkPoints;
    expect(landmarks.input.shape.slice(1)).toEqual([chip, chip, 3]);
    for (const point of [forehead, chin, ...kept]) expect(point).toBeLessThan(pointCount(pack));
    expect(forehead).not.toBe(chin);
  });

  test('comes with its background of faces', async () => {
    expect((await readVerified(background)).length).toBeGreaterThan(0);
    const { mean } = await loadBackground(pack);
    expect(mean).toHaveLength(
      embedders.reduce((sum, { network }) => sum + Number(network.outputs[0]!.shape[1]), 0),
    );
  });
});

describe.each(networks)('network $name', (spec) => {
  let home: string;
  let network: Network;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'whosin-pack-'));
    network = await openNetwork(spec, { home, threads: 1 });
  });
  afterAll(async () => {
    await network.close();
    await rm(home, { recursive: true, force: true });
  });

  test('has weights with the declared sha256, a licence and a source', async () => {
    for (const file of spec.files) expect((await readVerified(file)).length).toBeGreaterThan(0);
    expect(spec.licence).toMatch(/\S/);
    expect(spec.source).toMatch(/\S/);
    // The name becomes part of a file name on every system.
    expect(spec.name).toMatch(/^[a-z0-9-]+$/);
    expect(spec.compiler.version).toBeGreaterThanOrEqual(1);
  });

  test('compiles to the same bytes each time', async () => {
    const bytes = await Promise.all(spec.files.map(readVerified));
    const once = (): Promise<Uint8Array> => compile(spec.compiler, bytes, spec.name);
    expect(Buffer.compare(await once(), await once())).toBe(0);
  });

  test.each([1, 3])('gives the declared outputs for a batch of %d, all finite', async (n) => {
    const outputs = await runOnNoise(network, spec, n);
    const sizes: Record<string, number> = { n };
    for (const { name, shape } of spec.outputs) {
      const { shape: found, data } = outputs[name]!;
      // A graph that was written for one picture runs as often as it takes.
      const wanted = shape.map((d, axis) => (axis === 0 ? n : sizeOf(d, sizes, found[axis]!)));
      expect(found).toEqual(wanted);
      expect(data.length).toBe(found.reduce((a, b) => a * b, 1));
      expect(data.every(Number.isFinite)).toBe(true);
    }
  });

  test('each picture of a batch gets the numbers that it gets alone', async () => {
    const batch = await runOnNoise(network, spec, 3);
    const alone = await runOnNoise(network, spec, 1);
    for (const { name } of spec.outputs) {
      const one = alone[name]!.data;
      const first = batch[name]!.data.subarray(0, one.length);
      for (const [i, value] of one.entries()) expect(first[i]).toBeCloseTo(value, 3);
    }
  });
});

/** A free dimension takes the size that it is first seen with; from then on it is fixed. */
function sizeOf(dimension: Dimension, sizes: Record<string, number>, found: number): number {
  return typeof dimension === 'number' ? dimension : (sizes[dimension] ??= found);
}

/** Runs n pictures of noise, the first of them always the same. */
async function runOnNoise(network: Network, spec: NetworkSpec, n: number): ReturnType<Network['run']> {
  const random = seededRandom(9);
  const shape = [n, ...spec.input.shape.slice(1).map((d) => (typeof d === 'number' ? d : freeSizes[d]!))];
  const size = shape.reduce((a, b) => a * b, 1);
  return network.run(
    Uint8Array.from({ length: size }, () => random() * 256),
    shape,
  );
}
