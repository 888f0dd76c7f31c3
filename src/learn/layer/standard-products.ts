/** The two products that most of a fit goes into, a column at a time, as if each input had mean 0 and variance 1. */

import type { Computation, NumberArray, OpenComputation } from '../../models/graph/computation.ts';
import { GraphWriter } from '../../models/graph/writer.ts';
import type { StandardInputs } from './standard-inputs.ts';

export interface StandardProducts {
  /** What a direction [size] adds to a logit of each example: [examples]. */
  forward(direction: Float64Array): Promise<Float64Array>;
  /** The slope in each weight [size], from the slope in each example's logit [examples]. */
  back(errors: Float64Array): Promise<Float64Array>;
  close(): Promise<void>;
}

export async function openStandardProducts(
  { examples, size, values, mean, scale }: StandardInputs,
  open: OpenComputation,
): Promise<StandardProducts> {
  const graphs = [productGraph('inputs', 'column'), productGraph('row', 'inputs')];
  const [toLogits, toSlopes] = (await Promise.all(graphs.map((graph) => open(graph)))) as [Computation, Computation];
  const inputs: NumberArray = { shape: [examples, size], data: values };
  return {
    async forward(direction) {
      const weights = new Float32Array(size);
      let middle = 0;
      for (let i = 0; i < size; i++) {
        weights[i] = direction[i]! * scale[i]!;
        middle += weights[i]! * mean[i]!;
      }
      const { product } = await toLogits.run({ inputs, column: { shape: [size, 1], data: weights } });
      const logits = new Float64Array(product!.data as Float32Array);
      for (let k = 0; k < examples; k++) logits[k]! -= middle;
      return logits;
    },
    async back(errors) {
      const row = { shape: [1, examples], data: new Float32Array(errors) };
      const { product } = await toSlopes.run({ row, inputs });
      const slopes = new Float64Array(product!.data as Float32Array);
      let sum = 0;
      for (let k = 0; k < examples; k++) sum += errors[k]!;
      for (let i = 0; i < size; i++) slopes[i] = (slopes[i]! - mean[i]! * sum) * scale[i]!;
      return slopes;
    },
    async close() {
      for (const one of [toLogits, toSlopes]) await one.close();
    },
  };
}

function productGraph(left: string, right: string): Uint8Array {
  const g = new GraphWriter('product');
  const matrix = (name: string) => g.input(name, 'float32', [`${name}-rows`, `${name}-columns`]);
  const factors = [matrix(left), matrix(right)];
  g.output('product', g.node('MatMul', factors), 'float32', [`${left}-rows`, `${right}-columns`]);
  return g.toBytes();
}
