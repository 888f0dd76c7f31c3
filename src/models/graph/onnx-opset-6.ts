/**
 * Brings graphs of 2017 to opset 7, the first that repeats the smaller of two operands as everything since does.
 * https://github.com/onnx/onnx/blob/main/docs/Changelog.md (version 7)
 */

import { create } from '@bufbuild/protobuf';
import { type GraphProto, type NodeProto, NodeProtoSchema } from './onnx_pb.ts';
import { attributeOf } from './writer.ts';

const broadcasting = new Set([
  'Add',
  'And',
  'Div',
  'Equal',
  'Greater',
  'Less',
  'Mul',
  'Or',
  'Pow',
  'Sub',
  'Xor',
]);

/** Attributes that later versions took away, because inference has them so always. */
const gone = new Set(['broadcast', 'axis', 'is_test', 'spatial', 'consumed_inputs']);

/** Changes the graph, whose ranks follow from its weights. */
export function raiseFromOpset6(graph: GraphProto): void {
  const ranks = new Map(graph.initializer.map(({ name, dims }) => [name, dims.length] as const));
  graph.node = graph.node.flatMap((node): NodeProto[] => {
    if (broadcasting.has(node.opType)) return aligned(node, ranks);
    const changes = ['BatchNormalization', 'Dropout', 'Gemm'].includes(node.opType);
    if (changes) node.attribute = node.attribute.filter(({ name }) => !gone.has(name) || name === 'axis');
    return [node];
  });
}

/** The second operand was laid on the axes that begin with `axis`; now it needs ones behind it. */
function aligned(node: NodeProto, ranks: ReadonlyMap<string, number>): NodeProto[] {
  const number = (name: string): number | undefined => {
    const found = node.attribute.find((each) => each.name === name);
    return found && Number(found.i);
  };
  const [axis, own] = [number('axis'), ranks.get(node.input[1] ?? '')];
  node.attribute = node.attribute.filter(({ name }) => !gone.has(name));
  if (axis === undefined || own === undefined) return [node];
  // Pictures have four sizes.
  const behind = 4 - axis - own;
  if (axis < 0 || behind <= 0) return [node];
  const axes = Array.from({ length: behind }, (_, i) => own + i);
  const wider = `${node.output[0]}_operand`;
  const unsqueeze = create(NodeProtoSchema, {
    opType: 'Unsqueeze',
    name: wider,
    input: [node.input[1]!],
    output: [wider],
    attribute: [attributeOf('axes', axes)],
  });
  node.input = [node.input[0]!, wider];
  return [unsqueeze, node];
}
