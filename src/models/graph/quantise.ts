/**
 * Post-training quantisation: the convolutions of a compiled graph calculate with 8 bits instead of 32. Weights
 * are symmetric for each output channel, activations lie evenly over the range that they were seen to have on
 * photos, and an activation function behind a convolution is the clamp of its output's range (Jacob et al.,
 * "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", CVPR 2018;
 * QLinearConv of the ONNX specification).
 */

import { toBinary } from '@bufbuild/protobuf';
import { quantiseWeights } from './byte-filters.ts';
import { ByteNodes, type Quantised } from './byte-nodes.ts';
import { ModelProtoSchema, type NodeProto } from './onnx_pb.ts';
import { photoBytes } from './photo-bytes.ts';
import { isReadable, writeFirst } from './photo-layer.ts';
import { convolutionsOf } from './quantisable.ts';
import { parseOnnx } from './reader.ts';
import { isProduct, writeProduct } from './weight-halves.ts';

/** The lowest and the highest that was seen of each value, by the value's name in the graph. */
export type ActivationRanges = Readonly<Record<string, readonly [lowest: number, highest: number]>>;

/**
 * Every convolution whose input and output have a range becomes one of 8 bits, and a last layer behind them a product of
 * bytes that is as good as one of floats (weight-halves.ts); all else stays as it is.
 *
 * @param bytes of an ONNX file with float32 weights
 * @param file for messages
 * @param weightBits 7 where the sum of two products of bytes must fit into 16 bits
 */
export function quantise(
  bytes: Uint8Array,
  ranges: ActivationRanges,
  file: string,
  weightBits: 7 | 8 = 8,
): Uint8Array {
  const model = parseOnnx(bytes, file);
  const graph = model.graph!;
  const all = convolutionsOf(graph);
  const chosen = all.filter(({ input, output }) => ranges[input] && ranges[output]);
  const convolutionOf = new Map(chosen.map((convolution) => [convolution.node, convolution]));
  const fromBytes = new Set(chosen.map(({ output }) => output));
  const productOf = new Map(
    all
      .filter(({ node, input, output }) => fromBytes.has(input) && !ranges[output] && isProduct(node))
      .map((convolution) => [convolution.node, convolution]),
  );
  const swallowed = new Set(chosen.flatMap(({ activations }) => activations));
  const rest = graph.node.filter((node) => !convolutionOf.has(node) && !swallowed.has(node));
  const wantedAsFloats = new Set([
    ...rest.flatMap(({ input }) => input),
    ...graph.output.map(({ name }) => name),
  ]);

  const w = new ByteNodes(graph.initializer);
  const inputOf = (value: string): Quantised => {
    const there = w.known(value);
    if (there) return there;
    const quantised = w.announce(value, ...levelsOf(ranges[value]!));
    w.add('QuantizeLinear', [value, ...quantised.constants], quantised.name);
    return quantised;
  };
  const asFloats = (value: string, { name, constants }: Quantised): void => {
    if (wantedAsFloats.has(value)) w.add('DequantizeLinear', [name, ...constants], value);
  };
  for (const node of graph.node) {
    const convolution = convolutionOf.get(node);
    const product = productOf.get(node);
    if (product) {
      writeProduct(w, product);
      continue;
    }
    const pooled = node.opType === 'MaxPool' ? w.known(node.input[0]!) : undefined;
    if (pooled && ranges[node.output[0]!]) {
      // The largest byte stands for the largest value.
      const [output] = node.output as [string];
      const quantised = w.share(output, pooled);
      w.add('MaxPool', [pooled.name], quantised.name, node.attribute);
      asFloats(output, quantised);
      continue;
    }
    if (convolution === undefined) {
      if (!swallowed.has(node)) w.nodes.push(node);
      continue;
    }
    const { input, output } = convolution;
    const photo = w.known(input) ? undefined : photoBytes(graph, input);
    const x = photo && isReadable(convolution, photo) ? photo : inputOf(input);
    const y = w.announce(output, ...levelsOf(ranges[output]!));
    if ('means' in x) writeFirst(w, convolution, x, y, weightBits);
    else
      w.convolution(
        y.name,
        x,
        y,
        quantiseWeights(convolution, x, weightBits === 7 ? '16 bits for neighbours' : 'any'),
        node.attribute,
      );
    asFloats(output, y);
  }
  graph.node = withoutUnused(
    w.nodes,
    graph.output.map(({ name }) => name),
  );
  const used = new Set(graph.node.flatMap(({ input }) => input));
  graph.initializer = graph.initializer.filter(({ name }) => used.has(name));
  return toBinary(ModelProtoSchema, model);
}

/** Scale and zero point of 256 levels over a range that holds 0, which paddings need. */
function levelsOf([lowest, highest]: readonly [number, number]): [scale: number, zero: number] {
  const low = Math.min(0, lowest);
  const scale = (Math.max(0, highest) - low) / 255 || 1;
  return [scale, Math.round(-low / scale)];
}

/** Nodes that lead to an output. */
function withoutUnused(nodes: readonly NodeProto[], outputs: readonly string[]): NodeProto[] {
  const wanted = new Set(outputs);
  return nodes
    .toReversed()
    .filter((node) => {
      const leads = node.output.some((value) => wanted.has(value));
      if (leads) for (const value of node.input) wanted.add(value);
      return leads;
    })
    .toReversed();
}
