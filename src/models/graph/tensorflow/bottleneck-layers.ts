/** The layers of a classifier that a head of one's own can be put on. */

import { findOutput } from './graph-names.ts';
import type { TensorFlowGraph } from './tensorflow-graph.ts';

/** Ops that end what people call a layer. */
const ends = new Set(['AvgPool', 'Concat', 'ConcatV2', 'MaxPool', 'Mean', 'Relu', 'Relu6']);

/** Far enough back for any head. */
const mostLayers = 5;

/** @returns names of nodes, the nearest to the scores first */
export function layersToTrainOn(graph: TensorFlowGraph, output: string): readonly string[] {
  const found: string[] = [];
  let node = graph.nodes.get(findOutput(graph, output).node);
  for (let i = 0; node !== undefined && found.length < mostLayers && i < graph.nodes.size; i++) {
    if (ends.has(node.op)) found.push(node.name);
    node = graph.nodes.get(node.inputs[0]?.node ?? '');
  }
  return found;
}
