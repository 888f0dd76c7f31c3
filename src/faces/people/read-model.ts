/**
 * Reads a model file back. The file may come from anywhere, so nothing in it is believed: names, sizes and
 * numbers are checked against each other before any of them is used.
 */

import { WhosinError } from '../../errors.ts';
import { isRateTable } from '../../learn/odds/rate-table.ts';
import type { Recalibration } from '../../learn/odds/recalibration.ts';
import type { StrangerRates } from '../../learn/odds/stranger-rates.ts';
import type { Component, Crowd } from '../../learn/odds/two-covariance.ts';
import { type OnnxFile, readOnnx } from '../../models/graph/read-onnx.ts';
import { type ModelSettings, modelSchema, type PeopleModel } from './model-file.ts';

/**
 * @param file for messages
 * @throws WhosinError `not-a-model` if it is another kind of file, was cut off or is of a later version
 */
export function readPeopleModel(bytes: Uint8Array, file: string): PeopleModel {
  const onnx = readOnnx(bytes, file);
  const schema = onnx.metadata('whosin.schema');
  if (onnx.metadata('whosin.kind') === 'pictures') {
    throw new WhosinError(
      'not-a-model',
      `${file} was trained on whole pictures: ask it with whosin classify -m ${file}.`,
    );
  }
  if (onnx.metadata('whosin.kind') !== 'people') {
    throw new WhosinError(
      'not-a-model',
      `${file} is not a model of people. Make one with: whosin train photos/ -o people.onnx`,
    );
  }
  if (schema !== modelSchema) {
    throw new WhosinError(
      'not-a-model',
      `${file} was written by another version of whosin (schema ${schema}, this one reads ${modelSchema}): train it again.`,
    );
  }
  const people = metadata(onnx, 'whosin.people', file, isNames);
  const settings = metadata(onnx, 'whosin.settings', file, isSettings);
  const { scale, offset, priorUnknown, minProbability, recalibration, strangerRates } = settings;
  const tensors = sizedTensors(onnx, file);
  const mean = tensors.vector('background.mean');
  const between = tensors.vector('background.between');
  const [d, k] = [mean.length, between.length];
  const constant = tensors.vector('templates.constant');
  const rows = constant.length;
  const person = tensors.vector('gallery.person');
  const quality = onnx.has('gallery.quality') ? tensors.vector('gallery.quality', person.length) : undefined;
  return {
    space: onnx.metadata('whosin.space') ?? '',
    people,
    background: {
      mean,
      basis: tensors.table('background.basis', d, k).data,
      between,
      scale,
      offset,
      ...(onnx.has('background.noise') && { noise: tensors.table('background.noise', k, 1).data }),
      ...(onnx.has('crowd.constant') && { crowd: crowdIn(tensors, k) }),
    },
    templates: templatesOf(
      people,
      {
        quadratic: tensors.table('templates.quadratic', rows, k).rows,
        linear: tensors.table('templates.linear', rows, k).rows,
        constant,
        weight: tensors.vector('templates.weight', rows),
        person: tensors.vector('templates.person', rows),
      },
      file,
    ),
    head: {
      weights: tensors.table('head.weights', people.length, k).data,
      bias: tensors.vector('head.bias', people.length),
    },
    gallery: tensors.table('gallery.embeddings', person.length, d).rows.map((embedding, i) => ({
      embedding,
      person: person[i]!,
      ...(quality && { quality: quality[i]! }),
    })),
    ...(recalibration && { recalibration }),
    priorUnknown,
    minProbability,
    ...(strangerRates && { strangerRates }),
    report: metadata(onnx, 'whosin.report', file, (_): _ is unknown => true),
  };
}

function crowdIn(tensors: SizedTensors, k: number): Crowd {
  const constant = tensors.vector('crowd.constant');
  return {
    quadratic: tensors.table('crowd.quadratic', k, 1).data,
    linear: tensors.table('crowd.linear', constant.length, k).data,
    constant,
  };
}

interface TemplateRows {
  readonly quadratic: readonly Float32Array[];
  readonly linear: readonly Float32Array[];
  readonly constant: Float32Array;
  readonly weight: Float32Array;
  readonly person: Float32Array;
}

function templatesOf(people: readonly string[], rows: TemplateRows, file: string): PeopleModel['templates'] {
  const components = people.map((): Component[] => []);
  for (const [i, owner] of rows.person.entries()) {
    const own = components[owner];
    if (own === undefined || !(rows.weight[i]! > 0 && rows.weight[i]! <= 1)) {
      throw new WhosinError('not-a-model', `${file}: its names and its templates do not fit together.`);
    }
    own.push({
      quadratic: rows.quadratic[i]!,
      linear: rows.linear[i]!,
      constant: rows.constant[i]!,
      weight: rows.weight[i]!,
    });
  }
  return components.map((own) => ({ components: own }));
}

interface SizedTensors {
  vector(name: string, length?: number): Float32Array;
  table(
    name: string,
    rows: number,
    columns: number,
  ): { readonly data: Float32Array; readonly rows: readonly Float32Array[] };
}

/** Tensors of the sizes they have to have, every value a number. */
function sizedTensors(onnx: OnnxFile, file: string): SizedTensors {
  const read = (name: string, expected: readonly (number | undefined)[]): Float32Array => {
    const { shape, data } = onnx.tensor(name);
    const fits = shape.length === expected.length && shape.every((size, i) => size === (expected[i] ?? size));
    if (!fits || data.some((value) => !Number.isFinite(value))) {
      const wanted = expected.map((size) => size ?? 'n').join(' × ');
      throw new WhosinError('not-a-model', `${file} is damaged: "${name}" is not ${wanted} numbers.`);
    }
    return data;
  };
  return {
    vector: (name, length) => read(name, [length]),
    table(name, rows, columns) {
      const data = read(name, [rows, columns]);
      return {
        data,
        rows: Array.from({ length: rows }, (_, i) => data.subarray(i * columns, (i + 1) * columns)),
      };
    },
  };
}

function isNames(value: unknown): value is string[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((name) => typeof name === 'string') && new Set(value).size === value.length;
}

function isSettings(value: unknown): value is ModelSettings {
  const settings = (value ?? {}) as Partial<ModelSettings>;
  const { scale, offset, priorUnknown, minProbability, recalibration, strangerRates } = settings;
  const isShare = (p: number | undefined): boolean => p !== undefined && p > 0 && p < 1;
  return (
    Number.isFinite(scale) &&
    Number.isFinite(offset) &&
    isShare(priorUnknown) &&
    isShare(minProbability) &&
    (recalibration === undefined || isRecalibration(recalibration)) &&
    (strangerRates === undefined || isStrangerRates(strangerRates))
  );
}

function isRecalibration(value: unknown): boolean {
  const { scale, offset } = (value ?? {}) as Partial<Recalibration>;
  return Number.isFinite(scale) && scale! > 0 && Number.isFinite(offset);
}

function isStrangerRates(value: unknown): boolean {
  const { rates, people, faces, reference } = (value ?? {}) as Partial<StrangerRates>;
  return (
    isRateTable(rates) &&
    Number.isInteger(people) &&
    Number.isInteger(faces) &&
    (reference === null || typeof reference === 'string')
  );
}

function metadata<T>(onnx: OnnxFile, key: string, file: string, is: (value: unknown) => value is T): T {
  let value: unknown;
  try {
    value = JSON.parse(onnx.metadata(key) ?? 'undefined');
  } catch (error) {
    throw new WhosinError('not-a-model', `${file} is cut off or damaged: it has no "${key}".`, {
      cause: error,
    });
  }
  if (!is(value)) throw new WhosinError('not-a-model', `${file} is damaged: its "${key}" makes no sense.`);
  return value;
}
