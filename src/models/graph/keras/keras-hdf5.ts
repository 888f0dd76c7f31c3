/** Reads Keras models from HDF5: the whole model in one file (`.h5`), and the weights inside a `.keras` archive. */

import { WhosinError } from '../../../errors.ts';
import type { TensorFlowGraph } from '../tensorflow/tensorflow-graph.ts';
import { type Hdf5, withHdf5 } from './hdf5-file.ts';
import { type KerasLayer, type KerasNetwork, readKerasConfig } from './keras-config.ts';
import { kerasGraph } from './keras-graph.ts';
import { variablesOf } from './keras-layers.ts';
import { layersWithWeights, namedVariables, type VariableNames, weightsBy } from './keras-weights.ts';

/** Reads the whole file that `model.save('model.h5')` writes. */
export function readKerasHdf5(bytes: Uint8Array, file: string): Promise<TensorFlowGraph> {
  return withHdf5(bytes, file, (hdf5) => {
    const config = hdf5.text('model_config');
    if (config === undefined) {
      const holds = hdf5.names('').some((name) => hdf5.list(name, 'weight_names').length > 0);
      const reason =
        holds || hdf5.names('').includes('layers')
          ? 'holds weights without their network: save the whole model (model.save), not its weights'
          : 'is an HDF5 file, and holds no Keras model';
      throw WhosinError.about('not-a-model', file, reason);
    }
    const model = readKerasConfig(parsed(config, file), file, hdf5.text('keras_version'));
    const paths = new Map<KerasLayer, ReadonlyMap<string, string>>();
    for (const layer of model.layers) {
      const group = `model_weights/${layer.name}`;
      const names = hdf5.list(group, 'weight_names');
      const own = layersWithWeights({ layers: [layer] });
      // TensorFlow numbers the values of its nodes: `kernel:0`.
      const plain = names.map((name) => name.replace(/:0$/, ''));
      for (const [inner, variables] of namedVariables(own, plain)) {
        const stored = [...variables].map(
          ([variable, name]) => [variable, `${group}/${names[plain.indexOf(name)]!}`] as const,
        );
        paths.set(inner, new Map(stored));
      }
    }
    return kerasGraph(
      model,
      weightsBy(paths, (path) => hdf5.tensor(path), file),
      file,
    );
  });
}

/**
 * @param config text of `config.json`
 * @param weights bytes of `model.weights.h5`
 */
export function readKerasParts(config: string, weights: Uint8Array, file: string): Promise<TensorFlowGraph> {
  return withHdf5(weights, file, (hdf5) => {
    const model = readKerasConfig(parsed(config, file), file);
    const paths = numberedVariables(model, '', hdf5);
    return kerasGraph(
      model,
      weightsBy(paths, (path) => hdf5.tensor(path), file),
      file,
    );
  });
}

/**
 * Such an archive numbers a layer's variables, and names layers after their classes and how many of the class came
 * before: `layers/conv2d_1/vars/0`. (keras/src/saving/saving_lib.py, Apache-2.0; its first version had another folder.)
 */
function numberedVariables(network: KerasNetwork, below: string, hdf5: Hdf5): VariableNames {
  const folders = ['layers', '_layer_checkpoint_dependencies'].map((name) => `${below}${name}`);
  const folder = folders.find((name) => hdf5.names(name).length > 0) ?? folders[0]!;
  const paths = new Map<KerasLayer, ReadonlyMap<string, string>>();
  const counts = new Map<string, number>();
  for (const layer of network.layers) {
    const kind = snakeCase(layer.kind);
    const before = counts.get(kind) ?? 0;
    counts.set(kind, before + 1);
    const path = `${folder}/${before === 0 ? kind : `${kind}_${before}`}`;
    if (layer.inner) {
      for (const entry of numberedVariables(layer.inner, `${path}/`, hdf5)) paths.set(...entry);
    } else {
      const variables = variablesOf(layer.kind, layer.config);
      paths.set(layer, new Map(variables.map((variable, i) => [variable, `${path}/vars/${i}`])));
    }
  }
  return paths;
}

/** As Keras does it: SeparableConv2D is separable_conv2d, ReLU is re_lu. */
function snakeCase(name: string): string {
  return name
    .replaceAll(/\W+/g, '')
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function parsed(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw WhosinError.about('not-a-model', file, 'describes its network in JSON that is cut off', error);
  }
}
