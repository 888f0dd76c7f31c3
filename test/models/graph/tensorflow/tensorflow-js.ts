/** TensorFlow.js, a runtime of TensorFlow's own, as the measure of compiled graphs. */

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toJson } from '@bufbuild/protobuf';
import { readTensor } from '../../../../src/models/graph/tensorflow/tensor-proto.ts';
import { type GraphDef, GraphDefSchema } from '../../../../src/models/graph/tensorflow_pb.ts';

/** The part of TensorFlow.js that the tests use; its own types want the DOM. */
interface TensorFlow {
  /** Without it, it advertises its native backend. */
  enableProdMode(): void;
  setBackend(name: 'cpu' | 'wasm'): Promise<boolean>;
  ready(): Promise<void>;
  tensor(values: Float32Array, shape: readonly number[], type?: 'int32'): TfTensor;
  loadGraphModel(handler: { load(): Promise<object> }): Promise<GraphModel>;
  loadLayersModel(handler: { load(): Promise<object> }): Promise<LayersModel>;
}

interface LayersModel {
  predict(input: TfTensor): TfTensor;
  dispose(): void;
}

interface TfTensor {
  readonly shape: readonly number[];
  dataSync(): Float32Array;
  dispose(): void;
}

interface GraphModel {
  execute(inputs: Readonly<Record<string, TfTensor>>, outputs: readonly string[]): TfTensor[];
  dispose(): void;
}

export interface Numbers {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly type?: 'int32';
}

export interface ReferenceGraph {
  run(inputs: Readonly<Record<string, Numbers>>, outputs: readonly string[]): readonly Numbers[];
  close(): void;
}

const require = createRequire(import.meta.url);

/** The plain backend knows every op, the WebAssembly one is fast. */
export async function openTensorFlowJs(backend: 'cpu' | 'wasm'): Promise<TensorFlowJs> {
  const tf = require('@tensorflow/tfjs') as TensorFlow;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(folder: string): void };
  wasm.setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))}/`);
  tf.enableProdMode();
  await tf.setBackend(backend);
  await tf.ready();
  return {
    async openModel(json, weights) {
      const { modelTopology, weightsManifest } = JSON.parse(json) as ModelJson;
      const weightSpecs = weightsManifest.flatMap((group) => group.weights);
      return opened(tf, { modelTopology, weightSpecs, weightData: exactly(weights) });
    },
    async openLayers(json, weights) {
      const { modelTopology, weightsManifest } = JSON.parse(json) as ModelJson;
      const weightSpecs = weightsManifest.flatMap((group) => group.weights);
      const artifacts = { modelTopology, weightSpecs, weightData: exactly(weights) };
      const model = await tf.loadLayersModel({ load: () => Promise.resolve(artifacts) });
      return {
        run({ values, shape }) {
          const input = tf.tensor(values, shape);
          const output = model.predict(input);
          const numbers = { shape: output.shape, values: Float32Array.from(output.dataSync()) };
          input.dispose();
          output.dispose();
          return numbers;
        },
        close: () => model.dispose(),
      };
    },
    async openGraph(graph) {
      return opened(tf, converted(graph));
    },
  };
}

export interface TensorFlowJs {
  /** @param json text of a TensorFlow.js `model.json` */
  openModel(json: string, weights: Uint8Array): Promise<ReferenceGraph>;
  openGraph(graph: GraphDef): Promise<ReferenceGraph>;
  /** @param json text of the `model.json` of a layers model */
  openLayers(json: string, weights: Uint8Array): Promise<ReferenceLayers>;
}

export interface ReferenceLayers {
  run(input: Numbers): Numbers;
  close(): void;
}

interface ModelJson {
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly weights: readonly object[] }[];
}

async function opened(tf: TensorFlow, artifacts: object): Promise<ReferenceGraph> {
  const model = await tf.loadGraphModel({ load: () => Promise.resolve(artifacts) });
  return {
    run(inputs, outputs) {
      const tensors = Object.fromEntries(
        Object.entries(inputs).map(([name, { values, shape, type }]) => [
          name,
          tf.tensor(values, shape, type),
        ]),
      );
      const results = [model.execute(tensors, outputs)].flat();
      const numbers = results.map((t) => ({ shape: t.shape, values: Float32Array.from(t.dataSync()) }));
      for (const tensor of [...Object.values(tensors), ...results]) tensor.dispose();
      return numbers;
    },
    close: () => model.dispose(),
  };
}

/** Converts as TensorFlow's converter does: the nodes as JSON, the bytes of the constants beside them. */
function converted(graph: GraphDef): object {
  const topology = toJson(GraphDefSchema, graph) as { node: { op: string; attr?: object }[] };
  const node = topology.node.map(({ op, attr, ...rest }) => {
    // Files from before 2018 do not know dilations, TensorFlow.js asks for them.
    const dilations = op.includes('Conv2') && { dilations: { list: { i: [1, 1, 1, 1] } } };
    // TensorFlow.js frees the default too early.
    return {
      ...rest,
      op: op === 'PlaceholderWithDefault' ? 'Identity' : op,
      attr: { ...dilations, ...attr },
    };
  });
  const constants = graph.node.flatMap(({ name, attr }) => {
    const value = attr['value']?.value;
    const tensor = value?.case === 'tensor' ? readTensor(value.value) : undefined;
    if (tensor === undefined || tensor.type === 'text') return [];
    const { type, shape, data } = tensor;
    const dtype = type === 'float' ? 'float32' : 'int32';
    return [{ spec: { name, shape, dtype }, data: type === 'float' ? data : Int32Array.from(data) }];
  });
  const bytes = Buffer.concat(constants.map(({ data }) => new Uint8Array(data.buffer)));
  return {
    modelTopology: { versions: {}, ...topology, node },
    weightSpecs: constants.map(({ spec }) => spec),
    weightData: exactly(bytes),
  };
}

function exactly(bytes: Uint8Array): ArrayBufferLike {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
