/** Finds nodes of a TensorFlow graph by name, and what can be asked of a graph that came without a manual. */

import { nearNames } from '../../../core/near-names.ts';
import { WhosinError } from '../../../errors.ts';
import { shapeOf, textOf } from './node-attributes.ts';
import { type GraphNode, type NodeOutput, nodeOutput, type TensorFlowGraph } from './tensorflow-graph.ts';

export interface GraphPlaceholder {
  readonly name: string;
  /** As TensorFlow names it, DT_FLOAT. */
  readonly type: string;
  /** −1 for a free size; nothing if the file does not say. */
  readonly shape: readonly number[] | undefined;
}

/** @param reference "node" or "node:0"; throws `not-found` with the names that come near it */
export function findOutput(graph: TensorFlowGraph, reference: string): NodeOutput {
  const found = nodeOutput(reference);
  if (graph.nodes.has(found.node)) return found;
  const near = nearNames(found.node, [...graph.nodes.keys()]);
  throw new WhosinError(
    'not-found',
    `${graph.file} has no node "${found.node}". Near it: ${near.map((name) => `"${name}"`).join(', ')}.`,
  );
}

/** The nodes that wait for a value from outside. */
export function placeholders(graph: TensorFlowGraph): readonly GraphPlaceholder[] {
  return [...graph.nodes.values()]
    .filter(({ op }) => op === 'Placeholder')
    .map((node) => ({ name: node.name, type: textOf(node, 'dtype', 'DT_FLOAT'), shape: shapeOf(node) }));
}

/** The nodes whose values no other node reads. */
export function finalNodes(graph: TensorFlowGraph): readonly string[] {
  const nodes = [...graph.nodes.values()];
  const read = new Set(nodes.flatMap(({ inputs }) => inputs.map(({ node }) => node)));
  return nodes
    .filter(({ name, op }) => !read.has(name) && op !== 'Const' && op !== 'NoOp')
    .map(({ name }) => name);
}

/**
 * The nodes that these outputs need, each after its inputs; `isGiven` nodes are not looked behind.
 * Throws `bad-weights` where the graph reads a node that it does not have, or runs in a circle.
 */
export function nodesInOrder(
  graph: TensorFlowGraph,
  outputs: readonly string[],
  isGiven: (name: string) => boolean,
): readonly GraphNode[] {
  const order: GraphNode[] = [];
  const state = new Map<string, 'open' | 'done'>();
  // A stack of our own: graphs are deeper than the stack of the language has to be.
  const stack = outputs.map((name) => ({ name, reader: name })).toReversed();
  while (stack.length > 0) {
    const { name, reader } = stack.at(-1)!;
    const node = graph.nodes.get(name);
    if (node === undefined) {
      const message = `${graph.file}: node "${reader}" reads "${name}", which is not in the file: it is cut off.`;
      throw new WhosinError('bad-weights', message);
    }
    const seen = state.get(name);
    if (seen === undefined && !isGiven(name)) {
      state.set(name, 'open');
      for (const input of node.inputs.toReversed()) {
        if (state.get(input.node) === 'open') {
          throw new WhosinError('bad-weights', `${graph.file} runs in a circle at node "${input.node}".`);
        }
        if (!state.has(input.node)) stack.push({ name: input.node, reader: name });
      }
    } else {
      stack.pop();
      if (seen === 'open') order.push(node);
      state.set(name, 'done');
    }
  }
  return order;
}
