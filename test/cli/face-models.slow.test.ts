/** An embedder from a file, from the day it is added to the day it is removed. */

import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openFaceReader } from '../../src/faces/find/read-faces.ts';
import { measureFalseMatches } from '../../src/faces/packs/measure-false-matches.ts';
import { writeBackground } from '../../src/faces/people/write-background.ts';
import { type BackgroundFit, fitBackgroundByFolds } from '../../src/learn/odds/background-fit.ts';
import { faceApiPack } from '../../src/models/face-api.ts';
import { facePackOf } from '../../src/models/face-embedder-pack.ts';
import type { FacePack } from '../../src/models/face-pack.ts';
import { placeByName } from '../../src/photos/folds.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { demoPeople, portrait, writePhoto, writePortraits } from '../demo-people.ts';
import { toyEmbedder } from '../models/toy-embedders.ts';
import { toyFacePack } from '../models/toy-face-packs.ts';
import { onOneCore } from '../one-core.ts';
import { sharedFolder } from '../shared-folder.ts';
import { drawVector, seededNormal } from '../synthetic-people.ts';
import { setUpCalls } from './call-whosin.ts';
import type { Run } from './whosin.ts';

const command = setUpCalls();
const files = sharedFolder();
const at = (...parts: readonly string[]): string => join(files.path, ...parts);
const whosin = (args: readonly string[]): Promise<Run> => command(args, { home: at('home') });
const add = ['models', 'add', 'toy', '--as', 'face-embedder'] as const;

beforeAll(async () => {
  await writePortraits(at('people'), { mona: ['mona', 3], nell: ['nell', 3], pam: ['pam', 3] });
  const pack = facePackOf(await toyFacePack(at('toy'), 'arcface'));
  const { model, folds } = await peopleLikeThose(pack);
  const about = [model, pack.space, 'fitted on people who were made up'] as const;
  await writeFile(
    at('fitted.onnx'),
    writeBackground(...about, await measureFalseMatches(folds, model, 'made up', onOneCore)),
  );
  await writeFile(at('unmeasured.onnx'), writeBackground(...about));
});

/** A background of people who were made up, but lie where this embedder puts faces and as far apart. */
async function peopleLikeThose(pack: FacePack): Promise<BackgroundFit> {
  const reader = openFaceReader(pack, { home: at('home'), threads: 1 });
  const seen: Float32Array[] = [];
  for (const person of ['mona', 'nell', 'olga', 'pam'] as const satisfies (keyof typeof demoPeople)[]) {
    const { faces } = await reader.read(await decodePhoto(await portrait(person).toBuffer(), person));
    seen.push(faces[0]!.embedding.values);
  }
  await reader.close();
  const mean = seen[0]!.map((_, i) => seen.reduce((sum, values) => sum + values[i]! / seen.length, 0));
  const distance = Math.hypot(...seen[0]!.map((value, i) => value - mean[i]!));
  const spread = distance / Math.sqrt(mean.length);
  const normal = seededNormal(3);
  const people = Array.from({ length: 80 }, (_, person) => {
    const place = drawVector(mean.length, normal);
    return Array.from({ length: 3 }, () => ({
      person: `person ${person}`,
      quality: 1,
      values: drawVector(mean.length, normal).map((v, i) => mean[i]! + spread * (place[i]! + 0.6 * v)),
    }));
  });
  return fitBackgroundByFolds(people.flat(), placeByName, onOneCore);
}

describe('an embedder of faces', () => {
  test('is added, listed with its licence, and checked', async () => {
    const added = await whosin([...add, at('toy', 'arcface.onnx'), '--background', at('fitted.onnx')]);
    expect([added.status, added.stderr]).toEqual([0, '']);
    expect(added.stdout).toMatch(/^Added toy: an embedder of faces, ArcFace type\.\n/);
    expect(added.stdout).toContain('  input       input.1, 112×112, range -1..1\n');
    expect(added.stdout).toContain('  odds        fitted on people who were made up\n');
    expect(added.stdout).toContain("InsightFace's own models are for non-commercial research only");

    const { stdout } = await whosin(['models', 'list']);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
      /^toy +here +faces, ArcFace type, 512 values; licence: not known to whosin; InsightFace's own models are for non-commercial research only/,
    );
    const { models } = JSON.parse((await whosin(['models', 'list', '--json'])).stdout) as {
      models: { name: string }[];
    };
    expect(models.find(({ name }) => name === 'toy')).toMatchObject({
      state: 'here',
      faces: { family: 'arcface', values: 512, reference: 'fitted on people who were made up' },
      files: [{ path: 'graph.onnx' }, { path: 'background.onnx' }],
    });
    expect((await whosin(['models', 'verify', 'toy'])).stdout).toBe('right  toy\n');
  });

  test('is trained with, asked, evaluated and compared in', async () => {
    const trained = await whosin(['train', at('people'), '-m', 'toy', '-o', at('people.onnx')]);
    expect([trained.status, trained.stderr]).toEqual([0, '']);
    for (const person of ['mona', 'nell', 'pam']) {
      const { stdout } = await whosin([
        'identify',
        at('people', person, '1.jpg'),
        '-m',
        at('people.onnx'),
        '--json',
      ]);
      const { faces } = JSON.parse(stdout) as { faces: { person: string | null }[] };
      expect(faces.map((face) => face.person)).toEqual([person]);
    }
    for (const person of ['mona', 'nell', 'pam'] as const) {
      await writePhoto(at('more', person, '5.jpg'), portrait(person, 5));
    }
    const evaluated = await whosin(['evaluate', at('more'), '-m', at('people.onnx'), '--json']);
    expect(evaluated.status).toBe(0);
    const crossed = await whosin(['evaluate', at('people'), '--cross-validate', '3', '-m', 'toy']);
    expect([crossed.status, crossed.stderr]).toEqual([0, '']);
    const [one, other] = [at('people', 'mona', '1.jpg'), at('people', 'mona', '3.jpg')];
    const compared = await whosin(['verify', one, other, '-m', 'toy', '--json']);
    expect(compared.status).toBe(0);
    // Measured with the background, on people whom it was not fitted on.
    expect(JSON.parse(compared.stdout)).toMatchObject({
      measuredOn: expect.stringMatching(/^[\d,]+ pairs of photos of different people \(made up\)$/),
      pairs: [{ falseMatchRate: { rate: expect.any(Number) } }],
    });
  });

  test('that was added with a background of which nothing was measured says so', async () => {
    const adding = ['models', 'add', 'unmeasured', at('toy', 'arcface.onnx'), '--as', 'face-embedder'];
    expect((await whosin([...adding, '--background', at('unmeasured.onnx')])).status).toBe(0);
    const [one, other] = [at('people', 'mona', '1.jpg'), at('people', 'mona', '3.jpg')];
    const { stdout, stderr } = await whosin(['verify', one, other, '-m', 'unmeasured']);
    expect(stdout).not.toContain('false match rate');
    expect(stderr).toContain('No false match rate: none was measured for this embedder.');
    const json = await whosin(['verify', one, other, '-m', 'unmeasured', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ measuredOn: null, pairs: [{ falseMatchRate: null }] });
    await whosin(['models', 'remove', 'unmeasured']);
  });

  test('a model of the default space goes on being asked with the default pack', async () => {
    const trained = await whosin(['train', at('people'), '-o', at('default.onnx')]);
    expect(trained.status).toBe(0);
    const { stdout } = await whosin([
      'identify',
      at('people', 'pam', '1.jpg'),
      '-m',
      at('default.onnx'),
      '--json',
    ]);
    expect(stdout).toContain('"pam"');
    expect((await readFile(at('default.onnx'))).includes(faceApiPack.space)).toBe(true);
  });

  test('does not take the place of a network for whole pictures', async () => {
    const { status, stderr } = await whosin(['classify', at('people', 'mona', '1.jpg'), '-m', 'toy']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('The model "toy" embeds faces')]);
  });

  test('that was damaged is found out, and is gone once it is removed', async () => {
    const graph = at('home', 'packs', 'toy', 'graph.onnx');
    await writeFile(graph, 'damaged');
    const checked = await whosin(['models', 'verify', 'toy']);
    expect(checked).toMatchObject({ status: 1, stdout: 'wrong  toy\n' });
    expect(checked.stderr).toContain('graph.onnx has sha256');
    expect((await whosin(['models', 'remove', 'toy'])).stdout).toMatch(
      /^Removed toy: \d+ files, [\d.]+ [kM]B\.\n$/,
    );

    const sha256 = createHash('sha256').update(toyEmbedder('arcface')).digest('hex').slice(0, 12);
    const asked = await whosin(['identify', at('people', 'mona', '1.jpg'), '-m', at('people.onnx')]);
    expect(asked.status).toBe(1);
    expect(asked.stderr).toContain(`the ONNX file whose sha256 begins with ${sha256}: whosin models add`);
    const trained = await whosin(['train', at('people'), '-m', 'toy', '-o', at('x.onnx')]);
    expect(trained).toMatchObject({ status: 1, stdout: '' });
    expect(trained.stderr).toContain('There is no model of faces "toy" here: there is face-api.');
    const compared = await whosin([
      'verify',
      at('people', 'mona', '1.jpg'),
      at('people', 'mona', '2.jpg'),
      '-m',
      'toy',
    ]);
    expect(compared.status, 'no answer, as of cmp').toBe(2);
  });
});

describe('refused with a sentence, and nothing is kept', () => {
  test.each([
    ['without a reference', ['arcface.onnx'], 2, 'toy would have no odds: how alike'],
    [
      'too few people',
      ['arcface.onnx', '--reference', 'people'],
      1,
      'shows 3 people, 3 of them more than once',
    ],
    [
      'another space',
      ['sface.onnx', '--background', 'fitted.onnx'],
      1,
      'was fitted in another space than sface-128-',
    ],
    [
      'a cut-off file',
      ['cut.onnx', '--background', 'fitted.onnx'],
      1,
      'is not a model file, or it is cut off',
    ],
    [
      'a model of people',
      ['default.onnx', '--background', 'fitted.onnx'],
      2,
      'is no ONNX file of an embedder',
    ],
    ['no embedder', ['fitted.onnx', '--background', 'fitted.onnx'], 2, 'takes "embeddings" [n, 512]'],
    ['labels', ['arcface.onnx', '--labels', 'x.txt'], 2, '--labels goes with --as picture'],
  ] as const)('%s', async (_, [file, flag, value], status, said) => {
    await writeFile(at('arcface.onnx'), toyEmbedder('arcface'));
    await writeFile(at('sface.onnx'), toyEmbedder('sface'));
    await writeFile(at('cut.onnx'), toyEmbedder('sface').subarray(0, 5000));
    const flags = flag === undefined ? [] : [flag, at(value)];
    const run = await whosin([...add, at(file), ...flags]);
    expect([run.status, run.stdout]).toEqual([status, '']);
    expect(run.stderr).toContain(said);
    expect((await readdir(at('home', 'packs'))).filter((name) => !name.startsWith('.'))).toEqual([]);
  });

  test('what belongs to the other kind', async () => {
    const run = await whosin(['models', 'add', 'toy', at('arcface.onnx'), '--reference', at('people')]);
    expect([run.status, run.stderr]).toEqual([
      2,
      expect.stringContaining('--reference goes with --as face-embedder'),
    ]);
  });
});
