/** A graph of whosin's own that is computed again and again, as one step of a fit is. */

export interface NumberArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | BigInt64Array;
}

/** By the names of the graph's inputs or outputs. */
export type Values = Readonly<Record<string, NumberArray>>;

export interface Computation {
  run(inputs: Values): Promise<Values>;
  close(): Promise<void>;
}

/**
 * @param graph the bytes of an ONNX file
 * @param threads no more than so many: to share little work among cores takes longer than to do it. A graph for one
 *   thread is run as it is written.
 */
export type OpenComputation = (graph: Uint8Array, threads?: number) => Promise<Computation>;
