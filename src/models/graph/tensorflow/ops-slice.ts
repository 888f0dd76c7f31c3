/** Ops that cut a part out of a value. */

import type { Dimension } from '../writer.ts';
import { numberIn, numbersIn, rearranged } from './constant-folding.ts';
import { numberOf } from './node-attributes.ts';
import { withSizes } from './ops-shape.ts';
import { axisOf, inBrackets, known, madeUp } from './sizes.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import { planesAxis, type Traced, type ValueWriter } from './traced-value.ts';

/** `size` elements from `start`, every `step`-th; without a cut the axis is whole. */
interface Cut {
  readonly start: number;
  readonly step: number;
  readonly size: number;
}

export function stridedSlice(w: ValueWriter, node: GraphNode, inputs: readonly Traced[]): Traced {
  const [x, ...bounds] = inputs;
  const [begin, end, strides] = bounds.map((bound) => numbersIn(bound, 'bounds')) as number[][];
  const has = (mask: string, i: number): boolean => ((numberOf(node, mask, 0) >> i) & 1) === 1;
  const cuts: (Cut | undefined)[] = [];
  const sizes: Dimension[] = [];
  const consumed = begin!.filter((_, i) => !has('new_axis_mask', i) && !has('ellipsis_mask', i)).length;
  for (const i of begin!.keys()) {
    if (has('ellipsis_mask', i)) {
      const whole = x!.shape.slice(cuts.length, cuts.length + x!.shape.length - consumed);
      cuts.push(...whole.map(() => undefined));
      sizes.push(...whole);
    } else if (has('new_axis_mask', i)) {
      sizes.push(1);
    } else {
      const size = x!.shape[cuts.length];
      const step = strides![i]!;
      const from = has('begin_mask', i) ? undefined : begin![i]!;
      const to = has('end_mask', i) ? undefined : end![i]!;
      if (has('shrink_axis_mask', i)) {
        const start = axisOf(begin![i]!, known(size, 'number of pictures'));
        cuts.push({ start, step: 1, size: 1 });
      } else if (step === 1 && (from ?? 0) === 0 && to === undefined) {
        cuts.push(undefined);
        sizes.push(size!);
      } else {
        const cut = cutOf(from, to, step, known(size, 'number of pictures'));
        cuts.push(cut);
        sizes.push(cut.size);
      }
    }
  }
  const part = cutOut(w, x!, cuts);
  const result = [...sizes, ...x!.shape.slice(cuts.length)];
  return inBrackets(part.shape) === inBrackets(result) ? part : withSizes(w, part, result);
}

export function slice(w: ValueWriter, _node: GraphNode, [x, from, lengths]: readonly Traced[]): Traced {
  const [starts, sizes] = [numbersIn(from, 'begin'), numbersIn(lengths, 'size')];
  const cuts = x!.shape.map((whole, axis) => {
    const [start, size] = [starts[axis]!, sizes[axis]!];
    if (start === 0 && (size === -1 || size === whole)) return undefined;
    const rest = known(whole, 'number of pictures') - start;
    return { start, step: 1, size: size === -1 ? rest : size };
  });
  return cutOut(w, x!, cuts);
}

/** Split has its axis in front of the value, SplitV has sizes and then the axis behind it. */
export function split(w: ValueWriter, node: GraphNode, inputs: readonly Traced[]): readonly Traced[] {
  const [x, at] = node.op === 'Split' ? [inputs[1]!, inputs[0]] : [inputs[0]!, inputs[2]];
  const axis = axisOf(numberIn(at, 'axis'), x.shape.length);
  const whole = known(x.shape[axis], 'size');
  const parts = numberOf(node, 'num_split', 1);
  const asked =
    node.op === 'Split'
      ? Array.from({ length: madeUp(parts) }, () => whole / parts)
      : numbersIn(inputs[1], 'sizes');
  if (!asked.every(Number.isInteger)) throw new RangeError(`a size of ${whole} in ${parts} equal parts`);
  const rest = whole - asked.filter((size) => size >= 0).reduce((a, b) => a + b, 0);
  let start = 0;
  return asked.map((wanted) => {
    const size = wanted < 0 ? rest : wanted;
    const cuts = x.shape.map((_, i) => (i === axis ? { start, step: 1, size } : undefined));
    start += size;
    return cutOut(w, x, cuts);
  });
}

export function unpack(w: ValueWriter, node: GraphNode, [x]: readonly Traced[]): readonly Traced[] {
  const axis = axisOf(numberOf(node, 'axis', 0), x!.shape.length);
  const count = known(x!.shape[axis], 'number of pictures');
  return Array.from({ length: madeUp(count) }, (_, start) => {
    const cuts = x!.shape.map((__, i) => (i === axis ? { start, step: 1, size: 1 } : undefined));
    return withSizes(w, cutOut(w, x!, cuts), x!.shape.toSpliced(axis, 1));
  });
}

/** Numpy's rules for from:to:step on an axis of a known size. */
function cutOf(from: number | undefined, to: number | undefined, step: number, whole: number): Cut {
  const [low, high] = step > 0 ? [0, whole] : [-1, whole - 1];
  const bound = (at: number | undefined, otherwise: number): number =>
    at === undefined ? otherwise : Math.min(Math.max(at < 0 ? at + whole : at, low), high);
  const start = bound(from, step > 0 ? low : high);
  const end = bound(to, step > 0 ? high : low);
  return { start, step, size: Math.max(0, Math.ceil((end - start) / step)) };
}

function cutOut(w: ValueWriter, x: Traced, cuts: readonly (Cut | undefined)[]): Traced {
  const shape = x.shape.map((size, axis) => cuts[axis]?.size ?? size);
  const axes = [...cuts.keys()].filter((axis) => cuts[axis]);
  if (axes.length === 0) return x;
  if (x.kind === 'constant') {
    return rearranged(x, shape as number[], (place) =>
      place.map((at, axis) => (cuts[axis]?.start ?? 0) + at * (cuts[axis]?.step ?? 1)),
    );
  }
  const computed = w.settle(x);
  const list = (of: (cut: Cut) => number): string =>
    w.g.ints(
      [axes.length],
      axes.map((axis) => of(cuts[axis]!)),
    );
  // An end before the first element is written as one that is out of reach from the back.
  const end = ({ start, step, size }: Cut): number => {
    const past = start + step * size;
    return past < 0 ? Number.MIN_SAFE_INTEGER : past;
  };
  const along = axes.map((axis) => (computed.layout === 'planes' ? planesAxis(axis) : axis));
  const value = w.g.node('Slice', [
    computed.value,
    list(({ start }) => start),
    list(end),
    w.g.ints([axes.length], along),
    list(({ step }) => step),
  ]);
  return { ...computed, shape, value };
}
