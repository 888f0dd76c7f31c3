import { describe, expect, test } from 'vitest';
import { pullablePacks } from '../../src/models/tensorflow-packs.ts';

describe('what can be pulled', () => {
  test('is Inception v3 and the sixteen MobileNets that retrain.py knew, by names of their own', () => {
    const names = pullablePacks.map(({ name }) => name);
    expect(new Set(names).size).toBe(17);
    expect(names).toEqual(
      expect.arrayContaining(['inception-v3', 'mobilenet_1.0_224', 'mobilenet_0.50_160']),
    );
  });

  test.each(pullablePacks.map((pack) => [pack.name, pack] as const))(
    '%s says all that a pack has to say',
    (name, wanted) => {
      expect(wanted.archive.address).toMatch(/^https:\/\/storage\.googleapis\.com\/.*\.tgz$/);
      const sums = [wanted.archive, wanted.graph, ...wanted.labels].flatMap(({ sha256 }) => sha256 ?? []);
      for (const sum of sums) expect(sum).toMatch(/^[0-9a-f]{64}$/);
      const texts: Record<string, string> = {
        'imagenet_2012_challenge_label_map_proto.pbtxt':
          'entry { target_class: 1 target_class_string: "n01" }',
        'imagenet_synset_to_human_label_map.txt': 'n01\ttench',
      };
      const graph = { folder: 'f', path: wanted.graph.path, sha256: '0'.repeat(64) };
      const pack = wanted.pack(graph, (path) => texts[path] ?? '0:background\n1:tench\n');
      expect(pack).toMatchObject({
        name,
        licence: 'Apache-2.0',
        input: { resize: 'bilinear' },
        graph: { files: [graph] },
      });
      expect(pack.scores!.labels[1]).toBe('tench');
      const side = name === 'inception-v3' ? 299 : Number(name.split('_')[2]);
      expect([pack.input.width, pack.input.height]).toEqual([side, side]);
      expect(pack.bottleneck!.size).toBe(name === 'inception-v3' ? 2048 : 1001);
    },
  );
});
