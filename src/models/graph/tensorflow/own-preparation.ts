/** Reads what a graph does to pictures before its first layer, which tells the values that it takes. */

import { preparations } from '../picture-parts.ts';
import { tensorOf } from './node-attributes.ts';
import type { Preparation } from './preparation.ts';
import type { TensorFlowGraph } from './tensorflow-graph.ts';

/** Ops that only hand values on, or change their order. */
const handOn = new Set(['Cast', 'GatherV2', 'Identity', 'Snapshot', 'StopGradient']);

/**
 * @param input the node that takes pictures
 * @returns nothing if the first thing that the graph does is a layer
 */
export function ownPreparation(graph: TensorFlowGraph, input: string): Preparation | undefined {
  const steps: { readonly op: string; readonly by: number }[] = [];
  // A damaged graph may run in a circle.
  for (let i = 0, at = input; i < graph.nodes.size; i++) {
    const readers = [...graph.nodes.values()].filter(({ inputs }) => inputs.some(({ node }) => node === at));
    const [reader] = readers;
    if (reader === undefined || readers.length > 1) break;
    if (!handOn.has(reader.op)) {
      const op = arithmetic[reader.op];
      const by = reader.inputs[0]?.node === at ? meanOf(graph, reader.inputs[1]?.node ?? '') : undefined;
      if (op === undefined || by === undefined) break;
      steps.push({ op, by });
    }
    at = reader.name;
  }
  return valuesBefore(steps);
}

const arithmetic: Readonly<Record<string, string>> = {
  Add: 'Add',
  AddV2: 'Add',
  Sub: 'Sub',
  Mul: 'Mul',
  Div: 'Div',
  RealDiv: 'Div',
};

/** The values that pictures have before these steps; nothing if there are none. */
export function valuesBefore(
  steps: readonly { readonly op: string; readonly by: number }[],
): Preparation | undefined {
  // A value x has become x·scale + shift.
  let [scale, shift] = [1, 0];
  for (const { op, by } of steps) {
    if (op === 'Add') shift += by;
    else if (op === 'Sub') shift -= by;
    else [scale, shift] = op === 'Mul' ? [scale * by, shift * by] : [scale / by, shift / by];
  }
  if (steps.length === 0) return undefined;
  // Networks are fed some −3 to 3, or bytes less their means: either tells bytes from fractions.
  return Math.abs(scale) < 0.1 || Math.abs(shift) > 50 ? preparations['0..255'] : preparations['0..1'];
}

/** The mean of a constant over the channels. */
function meanOf(graph: TensorFlowGraph, name: string): number | undefined {
  const node = graph.nodes.get(name);
  const read = node?.op === 'Identity' ? graph.nodes.get(node.inputs[0]?.node ?? '') : node;
  const tensor = tensorOf(read);
  if (tensor === undefined || tensor.type === 'text' || tensor.data.length > 4) return undefined;
  return [...tensor.data].reduce((a, b) => a + b, 0) / tensor.data.length;
}
