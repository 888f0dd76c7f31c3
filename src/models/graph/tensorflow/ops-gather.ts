/** Ops that pick elements by an index, or by a condition. */

import { numberIn, rearranged } from './constant-folding.ts';
import { numberOf } from './node-attributes.ts';
import { axisOf, broadcastShape, known } from './sizes.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import type { Computed, Traced, ValueWriter } from './traced-value.ts';

/** Gather has no axis, GatherV2 has one behind the indices. */
export function gather(w: ValueWriter, node: GraphNode, [x, indices, at]: readonly Traced[]): Traced {
  if (numberOf(node, 'batch_dims', 0) !== 0) throw new RangeError('it gathers for each picture apart');
  const axis = at ? axisOf(numberIn(at, 'axis'), x!.shape.length) : 0;
  known(x!.shape[axis], 'number of pictures');
  const shape = [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)];
  if (x!.kind === 'constant' && indices!.kind === 'constant' && indices!.shape.length < 2) {
    const { data, shape: sizes } = indices!;
    return rearranged(x!, shape as number[], (place) => [
      ...place.slice(0, axis),
      sizes.length === 0 ? data[0]! : data[place[axis]!]!,
      ...place.slice(axis + sizes.length),
    ]);
  }
  const value = w.g.node('Gather', [w.plain(x!), w.plain(indices!)], { axis });
  return w.computed(value, shape, { type: x!.type });
}

export function gatherNd(w: ValueWriter, _node: GraphNode, [x, indices]: readonly Traced[]): Computed {
  const depth = known(indices!.shape.at(-1), 'depth');
  for (const size of x!.shape.slice(0, depth)) known(size, 'number of pictures');
  const shape = [...indices!.shape.slice(0, -1), ...x!.shape.slice(depth)];
  return w.computed(w.g.node('GatherND', [w.plain(x!), w.plain(indices!)]), shape, { type: x!.type });
}

export function select(w: ValueWriter, _node: GraphNode, inputs: readonly Traced[]): Computed {
  const [condition, a, b] = inputs as [Traced, Traced, Traced];
  const shape = broadcastShape(condition.shape, broadcastShape(a.shape, b.shape));
  return w.computed(
    w.g.node(
      'Where',
      [condition, a, b].map((x) => w.plain(x)),
    ),
    shape,
    { type: a.type },
  );
}
