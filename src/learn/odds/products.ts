/** Products of large matrices in double precision, which ONNX Runtime computes some fifty times as fast as a loop. */

import type { Computation, OpenComputation } from '../../models/graph/computation.ts';

/** Row-major. */
export interface Dense {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

type Product = (a: Dense, b: Dense) => Promise<Dense>;

export interface Products {
  /** a · b */
  readonly times: Product;
  /** a · bᵀ */
  readonly timesTransposed: Product;
  /** aᵀ · b */
  readonly transposedTimes: Product;
  close(): Promise<void>;
}

export function openProducts(open: OpenComputation): Products {
  const opened: Promise<Computation>[] = [];
  const product = (transA: 0 | 1, transB: 0 | 1): Product => {
    let graph: Promise<Computation> | undefined;
    return async (a, b) => {
      if (graph === undefined) opened.push((graph = productGraph(transA, transB).then(open)));
      const { c } = await (await graph).run({ a: values(a), b: values(b) });
      const [rows, columns] = c!.shape as [number, number];
      return { rows, columns, data: c!.data as Float64Array };
    };
  };
  return {
    times: product(0, 0),
    timesTransposed: product(0, 1),
    transposedTimes: product(1, 0),
    async close() {
      for (const graph of opened) await (await graph).close();
    },
  };
}

function values({ rows, columns, data }: Dense): { readonly shape: number[]; readonly data: Float64Array } {
  return { shape: [rows, columns], data };
}

async function productGraph(transA: 0 | 1, transB: 0 | 1): Promise<Uint8Array> {
  // Loaded here, with its library: an album is opened far more often than people are learnt.
  const { GraphWriter } = await import('../../models/graph/writer.ts');
  const g = new GraphWriter('product');
  const a = g.input('a', 'float64', ['a0', 'a1']);
  const b = g.input('b', 'float64', ['b0', 'b1']);
  g.output('c', g.node('Gemm', [a, b], { transA, transB }), 'float64', ['c0', 'c1']);
  return g.toBytes();
}
