/** A Keras layer as its writer is given it: it writes nodes of TensorFlow, which the layer is in TensorFlow itself. */

import type { GraphBuilder } from '../tensorflow/graph-builder.ts';
import type { NumberTensor } from '../tensorflow/tensor-proto.ts';
import type { NodeOutput } from '../tensorflow/tensorflow-graph.ts';
import type { Config, KerasLayer } from './keras-config.ts';

export type PlacedOperand = NodeOutput | number | readonly number[];

/** A layer in one place where the network uses it. */
export interface PlacedLayer {
  readonly layer: KerasLayer;
  readonly config: Config;
  readonly inputs: readonly NodeOutput[];
  /** Its inputs, and numbers among its arguments, in their places. */
  readonly operands: readonly PlacedOperand[];
  readonly named: Readonly<Record<string, unknown>>;
  readonly isKeras3: boolean;
  /** One of its variables, such as `kernel`. */
  readonly weight: (variable: string) => NumberTensor;
}

/** Throws an error whose message is why the layer cannot be written; it goes on behind the name of the layer. */
export type WriteLayer = (w: GraphBuilder, placed: PlacedLayer) => NodeOutput;
