/** Writes the functions that a TensorFlow graph calls into the graph itself. */

import { WhosinError } from '../../../errors.ts';
import type { FunctionDef, GraphDef, NodeDef } from '../tensorflow_pb.ts';
import { type GraphNode, graphNode, type NodeOutput } from './tensorflow-graph.ts';

export interface Inlined {
  /** A node inside a function has the call's name in front. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** The outputs that were asked for. */
  readonly outputs: readonly NodeOutput[];
}

/** The nodes of the graph, or those of one call of a function. */
interface Scope {
  readonly prefix: string;
  readonly nodes: ReadonlyMap<string, NodeDef>;
  /** The values that the function was called with. */
  readonly given: ReadonlyMap<string, NodeOutput>;
  readonly calls: Map<string, Scope>;
  readonly called?: FunctionDef;
  readonly depth: number;
}

/** Far beyond real models: functions that call each other must not fill memory. */
const [deepest, mostNodes] = [30, 1_000_000];

const callOps = new Set(['PartitionedCall', 'StatefulPartitionedCall']);

/** @param wanted outputs of the graph, "StatefulPartitionedCall:0"; throws `bad-weights` */
export function inlineFunctions(graph: GraphDef, wanted: readonly string[], file: string): Inlined {
  const functions = new Map(
    (graph.library?.function ?? []).map((each) => [each.signature?.name ?? '', each]),
  );
  const nodes = new Map<string, GraphNode>();

  const scopeOf = (at: Scope, call: NodeDef): Scope => {
    const before = at.calls.get(call.name);
    if (before) return before;
    const called = functions.get(functionOf(call));
    if (called === undefined)
      throw damaged(file, `node "${call.name}" calls a function that is not in the file`);
    if (at.depth >= deepest) throw damaged(file, `its functions call each other more than ${deepest} deep`);
    const inputs = call.input.filter((reference) => !reference.startsWith('^'));
    const given = (called.signature?.inputArg ?? []).map(({ name }, i) => {
      if (inputs[i] === undefined) throw damaged(file, `node "${call.name}" gives too few values`);
      return [name, resolve(at, inputs[i])] as const;
    });
    const scope: Scope = {
      prefix: `${at.prefix}${call.name}/`,
      nodes: new Map(called.nodeDef.map((node) => [node.name, node])),
      given: new Map(given),
      calls: new Map(),
      called,
      depth: at.depth + 1,
    };
    at.calls.set(call.name, scope);
    return scope;
  };

  /** In a function an output has a name too: "Split:output:1". */
  const resolve = (at: Scope, reference: string): NodeOutput => {
    const [name = '', ...rest] = reference.split(':');
    const given = at.given.get(name);
    if (given) return given;
    const index = Number(rest.at(-1) ?? 0);
    const node = at.nodes.get(name);
    if (node === undefined || !callOps.has(node.op)) return { node: at.prefix + name, index };
    const inner = scopeOf(at, node);
    const output = inner.called?.signature?.outputArg[index]?.name ?? '';
    const returned = inner.called?.ret[output];
    if (returned !== undefined) return resolve(inner, returned);
    throw damaged(file, `a function gives no value ${index} to node "${node.name}"`);
  };

  const place = (at: Scope): void => {
    for (const node of at.nodes.values()) {
      if (callOps.has(node.op)) {
        place(scopeOf(at, node));
        continue;
      }
      const name = at.prefix + node.name;
      const inputs = node.input.filter((reference) => !reference.startsWith('^'));
      nodes.set(name, {
        ...graphNode(node),
        name,
        inputs: inputs.map((reference) => resolve(at, reference)),
      });
      if (nodes.size > mostNodes) throw damaged(file, `it has more than ${mostNodes} nodes`);
    }
  };

  const main: Scope = {
    prefix: '',
    nodes: new Map(graph.node.map((node) => [node.name, node])),
    given: new Map(),
    calls: new Map(),
    depth: 0,
  };
  place(main);
  return { nodes, outputs: wanted.map((reference) => resolve(main, reference)) };
}

function functionOf({ attr }: NodeDef): string {
  const value = attr['f']?.value;
  return value?.case === 'func' ? value.value.name : '';
}

function damaged(file: string, reason: string): WhosinError {
  return new WhosinError('bad-weights', `${file} is damaged: ${reason}.`, { path: file, reason });
}
