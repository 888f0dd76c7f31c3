/** Under which key each variable is stored: the graph itself knows, for it restores them. */

import { tensorOf } from './node-attributes.ts';
import type { GraphNode, NodeOutput } from './tensorflow-graph.ts';

/** @returns the keys by the names of the nodes that hold variables */
export function variableKeys(nodes: ReadonlyMap<string, GraphNode>): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const { op, inputs } of nodes.values()) {
    if (op !== 'AssignVariableOp' && op !== 'Assign') continue;
    const [variable, value] = inputs.map((input) => behindIdentities(nodes, input));
    const restore = value && nodes.get(value.node);
    if (variable === undefined || restore?.op !== 'RestoreV2') continue;
    const names = tensorOf(nodes.get(restore.inputs[1]?.node ?? ''));
    const key = names?.type === 'text' ? names.data[value!.index] : undefined;
    if (key !== undefined) keys.set(variable.node, key);
  }
  return keys;
}

function behindIdentities(nodes: ReadonlyMap<string, GraphNode>, output: NodeOutput): NodeOutput {
  let found = output;
  for (let i = 0; i < 10; i++) {
    const node = nodes.get(found.node);
    if (node?.op !== 'Identity' || node.inputs[0] === undefined) break;
    found = node.inputs[0];
  }
  return found;
}
