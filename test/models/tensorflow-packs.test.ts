import { describe, expect, test } from 'vitest';
import { tensorFlowPacks } from '../../src/models/tensorflow-packs.ts';

describe('what can be pulled', () => {
  test('is Inception v3 and the sixteen MobileNets that retrain.py knew, by names of their own', () => {
    const names = tensorFlowPacks.map(({ name }) => name);
    expect(new Set(names).size).toBe(17);
    expect(names).toEqual(
      expect.arrayContaining(['inception-v3', 'mobilenet_1.0_224', 'mobilenet_0.50_160']),
    );
  });

  test.each(tensorFlowPacks.map((pack) => [pack.name, pack] as const))(
    '%s says all that a pack has to say, as plain data',
    (name, wanted) => {
      expect(wanted.address).toMatch(/^https:\/\/storage\.googleapis\.com\/.*\.tgz$/);
      const sums = [wanted, wanted.graph, ...wanted.labels].flatMap(({ sha256 }) => sha256 ?? []);
      for (const sum of sums) expect(sum).toMatch(/^[0-9a-f]{64}$/);
      expect(wanted).toMatchObject({ kind: 'picture', licence: 'Apache-2.0', input: { resize: 'bilinear' } });
      const side = name === 'inception-v3' ? 299 : Number(name.split('_')[2]);
      expect([wanted.input.width, wanted.input.height]).toEqual([side, side]);
      expect(wanted.bottleneck.size).toBe(name === 'inception-v3' ? 2048 : 1001);
      expect(JSON.parse(JSON.stringify(wanted))).toEqual(wanted);
    },
  );
});
