/** Arithmetic on two values: on constants at once, per channel into the layer before, else as ONNX nodes. */

import type { GraphWriter, Value } from '../writer.ts';
import { factorOf, filled, mapChannels, perChannel, times } from './channel-affine.ts';
import { broadcast } from './constant-folding.ts';
import { broadcastShape, inBrackets } from './sizes.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import type { Computed, Constant, Traced, ValueWriter } from './traced-value.ts';

interface Binary {
  readonly compute: (a: number, b: number) => number;
  readonly write: (g: GraphWriter, a: Value, b: Value, type: Constant['type']) => Value;
  readonly result?: 'bool';
}

const asNode =
  (opType: string) =>
  (g: GraphWriter, a: Value, b: Value): Value =>
    g.node(opType, [a, b]);

const compared = (compute: (a: number, b: number) => boolean, opType: string): Binary => ({
  compute: (a, b) => Number(compute(a, b)),
  write: asNode(opType),
  result: 'bool',
});

const add: Binary = { compute: (a, b) => a + b, write: asNode('Add') };
const divide: Binary = { compute: (a, b) => a / b, write: asNode('Div') };

const binaries: Readonly<Record<string, Binary>> = {
  Add: add,
  AddV2: add,
  Sub: { compute: (a, b) => a - b, write: asNode('Sub') },
  Mul: { compute: (a, b) => a * b, write: asNode('Mul') },
  RealDiv: divide,
  Div: divide,
  Maximum: { compute: Math.max, write: asNode('Max') },
  Minimum: { compute: Math.min, write: asNode('Min') },
  Pow: { compute: Math.pow, write: asNode('Pow') },
  SquaredDifference: {
    compute: (a, b) => (a - b) ** 2,
    write(g, a, b) {
      const difference = g.node('Sub', [a, b]);
      return g.node('Mul', [difference, difference]);
    },
  },
  FloorMod: {
    compute: (a, b) => a - Math.floor(a / b) * b,
    write: (g, a, b, type) =>
      type === 'int'
        ? g.node('Mod', [a, b])
        : g.node('Sub', [a, g.node('Mul', [g.node('Floor', [g.node('Div', [a, b])]), b])]),
  },
  // ONNX divides integers towards zero.
  FloorDiv: {
    compute: (a, b) => Math.floor(a / b),
    write: (g, a, b, type) =>
      type === 'int'
        ? g.node('Div', [g.node('Sub', [a, g.node('Mod', [a, b])]), b])
        : g.node('Floor', [g.node('Div', [a, b])]),
  },
  Equal: compared((a, b) => a === b, 'Equal'),
  Greater: compared((a, b) => a > b, 'Greater'),
  GreaterEqual: compared((a, b) => a >= b, 'GreaterOrEqual'),
  Less: compared((a, b) => a < b, 'Less'),
  LessEqual: compared((a, b) => a <= b, 'LessOrEqual'),
  LogicalAnd: compared((a, b) => a !== 0 && b !== 0, 'And'),
  LogicalOr: compared((a, b) => a !== 0 || b !== 0, 'Or'),
};

export const binaryOps = Object.keys(binaries);

export function binary(w: ValueWriter, node: GraphNode, [a, b]: readonly Traced[]): Traced {
  return combine(w, node.op, a!, b!);
}

export function addAll(w: ValueWriter, _node: GraphNode, inputs: readonly Traced[]): Traced {
  return inputs.reduce((sum, input) => combine(w, 'Add', sum, input));
}

function combine(w: ValueWriter, op: string, a: Traced, b: Traced): Traced {
  const { compute, result } = binaries[op]!;
  if (a.kind === 'constant' && b.kind === 'constant') return broadcast(a, b, compute, result);
  const folded = intoChannels(w, op, a, b);
  if (folded) return folded;
  if (op !== 'Mul' || inBrackets(a.shape) !== inBrackets(b.shape)) return elementwise(w, op, a, b);
  // (s·x)·(t·y) = s·t·(x·y): one factor to write at most, and none if the layer behind takes it.
  const [x, y] = [factorOf(a), factorOf(b)];
  return times(w, elementwise(w, op, x.of, y.of), x.factor * y.factor);
}

function elementwise(w: ValueWriter, op: string, a: Traced, b: Traced): Computed {
  const { write, result } = binaries[op]!;
  const shape = broadcastShape(a.shape, b.shape);
  const [x, y] = [settled(w, a), settled(w, b)];
  const layout = isPlanes(x) || isPlanes(y) ? 'planes' : 'plain';
  const operand = (traced: Traced): Value => (layout === 'planes' ? w.planes(traced) : w.plain(traced));
  return w.computed(write(w.g, operand(x), operand(y), a.type), shape, { type: result ?? a.type, layout });
}

function intoChannels(w: ValueWriter, op: string, a: Traced, b: Traced): Traced | undefined {
  const [x, c] = a.kind === 'constant' ? [b, a] : [a, b];
  if (x.kind === 'constant' || c.kind !== 'constant' || x.type !== 'float') return undefined;
  const values = perChannel(c, x);
  if (values === undefined) return undefined;
  const { length } = values;
  const [same, none] = [filled(length, 1), filled(length, 0)];
  switch (op) {
    case 'Add':
    case 'AddV2':
      return mapChannels(w, x, { scale: same, shift: values });
    case 'Mul':
      return mapChannels(w, x, { scale: values, shift: none });
    case 'Sub':
      return x === a
        ? mapChannels(w, x, { scale: same, shift: values.map((value) => -value) })
        : mapChannels(w, x, { scale: filled(length, -1), shift: values });
    case 'Div':
    case 'RealDiv':
      return x === a ? mapChannels(w, x, { scale: values.map((v) => 1 / v), shift: none }) : undefined;
    default:
      return undefined;
  }
}

function settled(w: ValueWriter, traced: Traced): Traced {
  return traced.kind === 'affine' ? w.settle(traced) : traced;
}

function isPlanes(traced: Traced): boolean {
  return traced.kind === 'computed' && traced.layout === 'planes';
}
