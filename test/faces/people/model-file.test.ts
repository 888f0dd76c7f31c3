import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { WhosinError } from '../../../src/errors.ts';
import { posterior } from '../../../src/faces/people/gallery.ts';
import type { PeopleModel } from '../../../src/faces/people/model-file.ts';
import { readPeopleModel } from '../../../src/faces/people/read-model.ts';
import { writePeopleModel } from '../../../src/faces/people/write-model.ts';
import type { Posterior } from '../../../src/learn/odds/open-set.ts';
import type { Template } from '../../../src/learn/odds/two-covariance.ts';
import { readOnnx } from '../../../src/models/graph/read-onnx.ts';
import { GraphWriter } from '../../../src/models/graph/writer.ts';
import { demoPhoto } from '../../photo-fixtures.ts';
import { crowdedBackground, drawVector, seededNormal } from '../../synthetic-people.ts';
import { toyModel } from './toy-people-model.ts';

/** The file keeps numbers as float32. */
function asStored(model: PeopleModel): PeopleModel {
  const stored = ({ components }: Template): Template => ({
    components: components.map((c) => ({
      ...c,
      constant: Math.fround(c.constant),
      weight: Math.fround(c.weight),
    })),
  });
  return { ...model, templates: model.templates.map(stored) };
}

/** The answer of whosin for a clear face. */
function probabilities(model: PeopleModel, values: Float32Array): Posterior {
  return posterior(model, { embedding: { space: model.space, values }, quality: 1 });
}

function refusal(bytes: Uint8Array): WhosinError | undefined {
  try {
    readPeopleModel(bytes, 'people.onnx');
  } catch (error) {
    // Anything else is a crash: let the test show it.
    if (!(error instanceof WhosinError)) throw error;
    return error;
  }
  return undefined;
}

const models: readonly (readonly [name: string, model: PeopleModel])[] = [
  ['one person with one photo', toyModel({ ann: 1 })],
  ['one person with several photos', toyModel({ ann: 4 }, 1)],
  ['uneven photo counts, no head', toyModel({ ann: 1, ben: 2, cleo: 9, dora: 1 })],
  ['uneven photo counts, with a head', toyModel({ ann: 3, ben: 1, cleo: 1, dora: 12, eve: 2 }, 0.7)],
  ['a crowded space', toyModel({ ann: 3, ben: 1, cleo: 12 }, 0.7, crowdedBackground(7, 5))],
  ['many people', toyModel(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`p${i}`, 1 + (i % 4)])))],
];

describe('writing and reading', () => {
  test.each(models)('gives the same model: %s', (_, model) => {
    expect(readPeopleModel(writePeopleModel(model), 'people.onnx')).toEqual(asStored(model));
  });

  test.each(models)('gives the same probabilities: %s', (_, model) => {
    const read = readPeopleModel(writePeopleModel(model), 'people.onnx');
    const face = drawVector(7, seededNormal(2));
    const [before, after] = [probabilities(model, face), probabilities(read, face)];
    expect(after.unknown).toBeCloseTo(before.unknown, 5);
    for (const [i, p] of after.people.entries()) expect(p).toBeCloseTo(before.people[i]!, 5);
  });

  test('keeps names exactly', () => {
    // The two é differ; so do names that a plain object would take for its own.
    const names = [
      'José 😀',
      '李小龍',
      'e\u0301',
      '\u00e9',
      '__proto__',
      'constructor',
      '-rf',
      ' a  b ',
      '"\\\n',
      '0',
    ];
    const model = { ...toyModel({ ann: 1 }), people: names };
    const { templates, head } = toyModel(Object.fromEntries(names.map((_, i) => [`p${i}`, 1])));
    const read = readPeopleModel(writePeopleModel({ ...model, templates, head }), 'people.onnx');
    expect(read.people).toEqual(names);
    expect(read.templates).toHaveLength(names.length);
  });

  test('writes the same bytes for the same model', () => {
    const [, model] = models[3]!;
    expect(Buffer.compare(writePeopleModel(model), writePeopleModel(model))).toBe(0);
  });
});

describe('any ONNX runtime', () => {
  test.each(models)('gives the probabilities that whosin gives: %s', async (_, model) => {
    const session = await InferenceSession.create(writePeopleModel(model), { logSeverityLevel: 3 });
    const normal = seededNormal(3);
    const near = model.gallery.map(({ embedding }) => embedding.map((v) => v + 0.2 * normal()));
    const anywhere = Array.from({ length: 40 }, () => drawVector(7, normal));
    const far = [drawVector(7, normal).map((v) => v * 50), new Float32Array(7)];
    const faces = [...near, ...anywhere, ...far];
    const batch = new Tensor(
      'float32',
      faces.flatMap((face) => [...face]),
      [faces.length, 7],
    );
    const { probabilities: output } = await session.run({ embeddings: batch });
    await session.release();
    const width = model.people.length + 1;
    expect(output!.dims).toEqual([faces.length, width]);
    const found = output!.data as Float32Array;
    for (const [row, face] of faces.entries()) {
      const { people, unknown } = probabilities(model, face);
      const own = found.subarray(row * width, (row + 1) * width);
      for (const [i, p] of [...people, unknown].entries()) {
        expect(Math.abs(own[i]! - p), `face ${row}, output ${i}`).toBeLessThan(1e-5);
      }
    }
  });

  test('finds what the numbers mean in the metadata', () => {
    const onnx = readOnnx(writePeopleModel(toyModel({ 'José 😀': 1, ben: 2 })), 'people.onnx');
    expect(onnx.metadata('whosin.kind')).toBe('people');
    expect(onnx.metadata('whosin.schema')).toBe('2');
    expect(onnx.metadata('whosin.space')).toBe('toy/1');
    expect(JSON.parse(onnx.metadata('whosin.people')!)).toEqual(['José 😀', 'ben']);
  });
});

describe('a file that is no model of people is refused, and named', () => {
  function otherGraph(metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    const g = new GraphWriter('another');
    g.output('y', g.input('x', 'float32', ['n', 7]), 'float32', ['n', 7]);
    for (const [key, value] of Object.entries(metadata)) g.metadata(key, value);
    return g.toBytes();
  }

  test('an empty file, text, a photo', async () => {
    const photo = await readFile(demoPhoto(1));
    for (const bytes of [new Uint8Array(0), Buffer.from('people: ann, ben\n'), photo]) {
      expect(refusal(bytes)).toMatchObject({
        code: 'not-a-model',
        message: expect.stringContaining('people.onnx'),
      });
    }
  });

  test('random bytes', () => {
    const normal = seededNormal(4);
    for (let round = 0; round < 300; round++) {
      const bytes = Uint8Array.from({ length: round }, () => normal() * 100);
      expect(refusal(bytes)?.code, `round ${round}`).toBe('not-a-model');
    }
  });

  test('another ONNX graph, with what to do', async () => {
    const background = await readFile(
      new URL('../../../weights/dlib-128-faceres-1024.onnx', import.meta.url),
    );
    for (const bytes of [otherGraph(), background]) {
      expect(refusal(bytes)).toMatchObject({
        code: 'not-a-model',
        message: 'people.onnx is not a model of people. Make one with: whosin train photos/ -o people.onnx',
      });
    }
  });

  test('one of another version of the format, with both versions', () => {
    const later = otherGraph({ 'whosin.kind': 'people', 'whosin.schema': '3' });
    expect(refusal(later)).toMatchObject({
      code: 'not-a-model',
      message: expect.stringMatching(/people\.onnx.*schema 3.*reads 2.*train it again/),
    });
  });

  test('one that calls itself a model of people and is not', () => {
    const own = { 'whosin.kind': 'people', 'whosin.schema': '2' };
    expect(refusal(otherGraph(own))?.code).toBe('not-a-model');
    for (const people of ['[', 'null', '{}', '["ann"']) {
      expect(refusal(otherGraph({ ...own, 'whosin.people': people }))?.code, `people ${people}`).toBe(
        'not-a-model',
      );
    }
  });

  test('one that was cut off, at whatever byte', () => {
    const bytes = writePeopleModel(toyModel({ ann: 1, ben: 2 }, 1));
    const accepted: number[] = [];
    for (let length = 0; length < bytes.length; length++) {
      const error = refusal(bytes.subarray(0, length));
      if (error?.code !== 'not-a-model' || !error.message.includes('people.onnx')) accepted.push(length);
    }
    expect(accepted).toEqual([]);
  });
});

test('a model of pictures is for classify', () => {
  const g = new GraphWriter('pictures');
  g.output('y', g.input('x', 'float32', ['n', 3]), 'float32', ['n', 3]);
  g.metadata('whosin.kind', 'pictures');
  expect(() => readPeopleModel(g.toBytes(), 'flowers.onnx')).toThrow(
    'flowers.onnx was trained on whole pictures: ask it with whosin classify -m flowers.onnx.',
  );
});
