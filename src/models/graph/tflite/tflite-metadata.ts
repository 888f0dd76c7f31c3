/**
 * Facts that makers write beside a TensorFlow Lite network: how pictures are prepared, and which file in the ZIP behind
 * the model holds the labels. Fields: metadata_schema.fbs of tflite-support (Apache-2.0).
 */

import { unzipSync } from 'fflate';
import { labelText, readLabelList } from '../../label-list.ts';
import type { Preparation } from '../tensorflow/preparation.ts';
import { FlatTable } from './flat-table.ts';
import { type LiteModel, readTflite } from './tflite-model.ts';

/** NormalizationOptions among the options of a ProcessUnit. */
const normalization = 1;

const entry = 'TFLITE_METADATA';

export function litePreparation({ metadata }: LiteModel): Preparation | undefined {
  return about(metadata.get(entry), (graph) => {
    const [input] = graph.tables(2);
    return input && preparationOf(input);
  });
}

/** @param bytes the whole file; throws `not-a-model` if it is cut off */
export function liteLabels(bytes: Uint8Array, file: string): readonly string[] | undefined {
  return about(readTflite(bytes, file).metadata.get(entry), (graph) => {
    const [output] = graph.tables(3);
    return output && labelsOf(output, bytes);
  });
}

/** The network runs without it: what cannot be read is passed over. */
function about<T>(
  metadata: Uint8Array | undefined,
  read: (graph: FlatTable) => T | undefined,
): T | undefined {
  try {
    const [graph] = metadata ? FlatTable.root(metadata).tables(3) : [];
    return graph && read(graph);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function preparationOf(input: FlatTable): Preparation | undefined {
  const options = input
    .tables(4)
    .find((unit) => unit.byte(0) === normalization)
    ?.table(1);
  const [means, deviations] = [options?.floats(0) ?? [], options?.floats(1) ?? []];
  const triple = (values: readonly number[]): readonly [number, number, number] | undefined => {
    const [first, second = first, third = first] = values;
    return first === undefined ? undefined : [first, second!, third!];
  };
  const [mean, deviation] = [triple(means), triple(deviations)];
  if (mean === undefined || deviation === undefined || deviation.includes(0)) return undefined;
  const scale = deviation.map((value) => 1 / value) as [number, number, number];
  return { mean, scale: scale.every((value) => value === scale[0]) ? scale[0] : scale };
}

function labelsOf(output: FlatTable, bytes: Uint8Array): readonly string[] | undefined {
  const names = output.tables(6).map((file) => file.text(0));
  // Places in the ZIP count from the beginning of the file, or from its own.
  for (const start of [0, Buffer.from(bytes).lastIndexOf(beginning)]) {
    const found = start < 0 ? undefined : memberOf(bytes.subarray(start), names);
    if (found) return readLabelList(labelText(found.bytes), found.name);
  }
  return undefined;
}

/** The first bytes of a member of a ZIP. */
const beginning = new TextEncoder().encode('PK\u0003\u0004');

/** Larger than any list of labels. */
const mostBytes = 1e7;

function memberOf(
  zip: Uint8Array,
  names: readonly string[],
): { readonly name: string; readonly bytes: Uint8Array } | undefined {
  try {
    const filter = ({ name, originalSize }: { name: string; originalSize: number }): boolean =>
      names.includes(name) && originalSize < mostBytes;
    const [name, bytes] = Object.entries(unzipSync(zip, { filter }))[0] ?? [];
    return name === undefined || bytes === undefined ? undefined : { name, bytes };
  } catch {
    return undefined;
  }
}
