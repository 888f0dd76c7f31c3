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

export interface ComputationOptions {
  /** No more than so many: to share little work among cores takes longer than to do it. */
  readonly threads?: number;
  /** To rewrite a graph takes as long as to open it, and longer than to run it a few times. */
  readonly asWritten?: boolean;
}

/** @param graph the bytes of an ONNX file */
export type OpenComputation = (graph: Uint8Array, options?: ComputationOptions) => Promise<Computation>;
