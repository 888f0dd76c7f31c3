import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findNetwork, parseArchitecture } from '../../../src/pictures/retrain/architecture.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { writeToyMobilenet } from '../toy-mobilenet.ts';

describe('the architectures of retrain.py', () => {
  test('are Inception v3 and the MobileNets, with their sizes', () => {
    expect(parseArchitecture('inception_v3')).toMatchObject({
      pack: 'inception-v3',
      files: ['classify_image_graph_def.pb'],
      input: { node: 'Mul', side: 299, mean: 128, deviation: 128 },
      bottleneck: { node: 'pool_3/_reshape', size: 2048 },
    });
    expect(parseArchitecture('MobileNet_0.50_160')).toMatchObject({
      pack: 'mobilenet_0.50_160',
      input: { node: 'input', side: 160, mean: 127.5, deviation: 127.5 },
      bottleneck: { size: 1001 },
    });
    expect(parseArchitecture('mobilenet_1.0_224_quantized').files).toEqual([
      'mobilenet_v1_1.0_224/quantized_graph.pb',
    ]);
  });

  test.each(['', 'resnet', 'mobilenet', 'mobilenet_0.3_224', 'mobilenet_1.0_200', 'mobilenet_1.0_224_quant'])(
    '"%s" is none, and the error says what there is',
    (name) => {
      expect(() => parseArchitecture(name)).toThrow(/inception_v3 or mobilenet_<1\.0/);
    },
  );
});

describe("a network's file", () => {
  const name = 'mobilenet_0.25_128';

  test('is looked for in the folder that was named, then among pulled models', async () => {
    const [models, packs] = [await temporaryFolder(), await temporaryFolder()];
    await writeToyMobilenet(models);
    const own = join(models, 'mobilenet_v1_0.25_128', 'frozen_graph.pb');
    expect(await findNetwork(name, models, packs)).toMatchObject({ path: own, pack: { source: own } });
    const pulled = join(packs, name, 'mobilenet_v1_0.25_128', 'frozen_graph.pb');
    await mkdir(dirname(pulled), { recursive: true });
    await rename(own, pulled);
    expect(await findNetwork(name, models, packs)).toMatchObject({ path: pulled });
  });

  // It was sent to `models pull`, which said that the model is here already.
  test('may have been added under the name of the network, unless it should be quantised', async () => {
    const [models, packs] = [await temporaryFolder(), await temporaryFolder()];
    const added = join(packs, name, 'graph.pb');
    await mkdir(dirname(added), { recursive: true });
    await writeFile(added, 'x');
    expect((await findNetwork(name, models, packs)).path).toBe(added);
    await expect(findNetwork(`${name}_quantized`, models, packs)).rejects.toThrow(/is not here/);
  });

  test('has the name of the archive from 2018 too', async () => {
    const models = await temporaryFolder();
    await writeFile(join(models, 'mobilenet_v1_0.25_128_frozen.pb'), 'x');
    expect((await findNetwork(name, models, models)).path).toMatch(/_frozen\.pb$/);
  });

  test('that is nowhere: an error that says how to get it', async () => {
    const folder = await temporaryFolder();
    await expect(findNetwork('inception_v3', folder, folder)).rejects.toThrow(
      /no .*classify_image_graph_def\.pb\..* or fetch it \(whosin models pull inception-v3\)/,
    );
    await expect(findNetwork('mobilenet_1.0_224_quantized', folder, folder)).rejects.toThrow(
      /or unpack mobilenet_v1_1\.0_224_frozen\.tgz/,
    );
  });
});
