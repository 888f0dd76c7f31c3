/** A detector from a file, from the day it is added to the day it is removed. */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { faceApiPack } from '../../src/models/face-api.ts';
import { writePortraits } from '../demo-people.ts';
import { published, toyYunet } from '../models/toy-detectors.ts';
import { toyEmbedder } from '../models/toy-embedders.ts';
import { sharedFolder } from '../shared-folder.ts';
import { setUpCalls } from './call-whosin.ts';
import type { Run } from './whosin.ts';

const command = setUpCalls();
const files = sharedFolder();
const at = (...parts: readonly string[]): string => join(files.path, ...parts);
const whosin = (args: readonly string[]): Promise<Run> => command(args, { home: at('home') });
const names = ['mona', 'nell', 'pam'] as const;

beforeAll(async () => {
  await writePortraits(at('people'), { mona: ['mona', 3], nell: ['nell', 3], pam: ['pam', 3] });
  await writeFile(at('face_detection_yunet_2023mar.onnx'), toyYunet(published));
  await writeFile(at('sface.onnx'), toyEmbedder('sface'));
});

/** Who is in the first portrait of each person. */
async function asked(model: string, ...flags: readonly string[]): Promise<readonly (string | null)[]> {
  const photos = names.map((name) => at('people', name, '1.jpg'));
  const { status, stdout } = await whosin(['identify', ...photos, '-m', at(model), '--json', ...flags]);
  expect(status).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  return lines.flatMap((line) =>
    (JSON.parse(line) as { faces: { person: string | null }[] }).faces.map(({ person }) => person),
  );
}

describe('a detector of faces', () => {
  test('is recognised, added, listed with its licence, and checked', async () => {
    const added = await whosin(['models', 'add', 'toy', at('face_detection_yunet_2023mar.onnx')]);
    expect([added.status, added.stderr]).toEqual([0, '']);
    expect(added.stdout).toBe(
      `Added toy: a detector of faces, YuNet.
  input       input, photos of any size, range 0..255, blue first
  licence     not known to whosin; OpenCV Zoo publishes its YuNet under MIT
Find faces with it: whosin train photos/ --detector toy -o people.onnx
`,
    );
    const { stdout } = await whosin(['models', 'list']);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^toy +here +finds faces, YuNet; licence: not known/);
    const { models } = JSON.parse((await whosin(['models', 'list', '--json'])).stdout) as {
      models: { name: string }[];
    };
    expect(models.find(({ name }) => name === 'toy')).toMatchObject({
      state: 'here',
      detector: { family: 'yunet' },
      files: [{ path: 'graph.onnx' }],
    });
    expect((await whosin(['models', 'verify', 'toy'])).stdout).toBe('right  toy\n');
  });

  test('finds the faces of training and of photos, and its model is of the embedder it was used with', async () => {
    const trained = await whosin(['train', at('people'), '--detector', 'toy', '-o', at('people.onnx')]);
    expect([trained.status, trained.stderr]).toEqual([0, '']);
    expect((await readFile(at('people.onnx'))).includes(faceApiPack.space)).toBe(true);
    expect(await asked('people.onnx', '--detector', 'toy')).toEqual(names);
  });

  test('and the default one take each other’s models', async () => {
    expect((await whosin(['train', at('people'), '-o', at('default.onnx')])).status).toBe(0);
    expect(await asked('people.onnx')).toEqual(names);
    expect(await asked('default.onnx', '--detector', 'toy')).toEqual(names);
  });

  test('has results of its own in the cache', async () => {
    const folders = await readdir(at('home', 'bottlenecks'));
    expect(folders).toHaveLength(2);
    expect(folders.filter((folder) => folder.includes('_yunet-'))).toHaveLength(1);
  });

  test('compares and evaluates', async () => {
    const [one, other] = [at('people', 'mona', '1.jpg'), at('people', 'mona', '3.jpg')];
    const compared = await whosin(['verify', one, other, '--detector', 'toy', '--json']);
    expect(compared.status).toBe(0);
    // The odds are those of the embedder, and so is their table.
    expect(JSON.parse(compared.stdout)).toMatchObject({
      same: true,
      measuredOn: expect.stringContaining('different people'),
    });
    const evaluated = ['evaluate', at('people'), '--cross-validate', '3', '--detector', 'toy'];
    expect(await whosin(evaluated)).toMatchObject({ status: 0, stderr: '' });
  });

  test('is told from embedders and from models of pictures', async () => {
    const photo = at('people', 'mona', '1.jpg');
    const runs = [
      [
        ['train', at('people'), '-m', 'toy', '-o', at('x.onnx')],
        'toy finds faces and embeds none: give it as --detector toy',
      ],
      [['classify', photo, '-m', 'toy'], 'The model "toy" finds faces: it goes with --detector'],
      [
        ['train', at('people'), '--on', 'picture', '--detector', 'toy', '-o', at('x.onnx')],
        '--detector goes with --on faces',
      ],
      [
        ['identify', photo, '-m', at('people.onnx'), '--detector', 'face-api'],
        'face-api is no detector of faces that was added',
      ],
    ] as const;
    for (const [args, said] of runs) {
      const { status, stderr } = await whosin(args);
      expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
    }
  });

  test('that was damaged is found out, and is gone once it is removed', async () => {
    await writeFile(at('home', 'packs', 'toy', 'graph.onnx'), 'damaged');
    expect(await whosin(['models', 'verify', 'toy'])).toMatchObject({ status: 1, stdout: 'wrong  toy\n' });
    expect((await whosin(['models', 'remove', 'toy'])).stdout).toMatch(
      /^Removed toy: \d+ files, [\d.]+ [kM]B\.\n$/,
    );
    const photo = at('people', 'mona', '1.jpg');
    const { status, stderr } = await whosin([
      'identify',
      photo,
      '-m',
      at('people.onnx'),
      '--detector',
      'toy',
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain('There is no detector of faces "toy" here: there is none besides the default.');
    expect(await asked('people.onnx')).toEqual(names);
  });
});

describe('refused with a sentence, and nothing is kept', () => {
  test.each([
    ['no YuNet', ['sface.onnx', '--as', 'face-detector'], 2, 'lacks outputs of it: a detector of faces is'],
    ['labels', ['face_detection_yunet_2023mar.onnx', '--labels', 'x'], 2, '--labels goes with --as picture'],
    [
      'a reference',
      ['face_detection_yunet_2023mar.onnx', '--reference', 'x'],
      2,
      '--reference goes with --as face-embedder',
    ],
    ['one that sees nothing', ['blind.onnx'], 1, 'toy gives the same values whatever it sees'],
    ['a cut-off file', ['cut.onnx', '--as', 'face-detector'], 1, 'is not a model file, or it is cut off'],
  ] as const)('%s', async (_, [file, ...flags], status, said) => {
    await writeFile(at('blind.onnx'), toyYunet({ declared: undefined, faces: {} }));
    await writeFile(at('cut.onnx'), toyYunet(published).subarray(0, 2000));
    const run = await whosin(['models', 'add', 'toy', at(file), ...flags]);
    expect([run.status, run.stdout]).toEqual([status, '']);
    expect(run.stderr).toContain(said);
    expect((await readdir(at('home', 'packs'))).filter((name) => !name.startsWith('.'))).toEqual([]);
  });
});
