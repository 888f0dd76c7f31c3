/** Which of a file's tensors are which layer's variables: files name them, but not always after their layers. */

import { WhosinError } from '../../../errors.ts';
import type { NumberTensor } from '../tensorflow/tensor-proto.ts';
import type { KerasLayer, KerasNetwork } from './keras-config.ts';
import { variablesOf } from './keras-layers.ts';

/** Throws `bad-weights` if the file does not hold the variable. */
export type KerasWeights = (layer: KerasLayer, variable: string) => NumberTensor;

/** A layer's variables by their names in the file. */
export type VariableNames = ReadonlyMap<KerasLayer, ReadonlyMap<string, string>>;

/** The layers of a network that learnt anything, those of the networks inside it too, in order. */
export function layersWithWeights({ layers }: Pick<KerasNetwork, 'layers'>): readonly KerasLayer[] {
  return layers.flatMap((layer) => {
    if (layer.inner) return layersWithWeights(layer.inner);
    return variablesOf(layer.kind, layer.config).length > 0 ? [layer] : [];
  });
}

/**
 * Finds the layers' variables among names such as `conv1/kernel`. A layer's name need not be part of them: TensorFlow
 * gave a variable another scope when its name was taken. Then the first layer has the first scope, and so on.
 *
 * @param names in the order of the file
 */
export function namedVariables(layers: readonly KerasLayer[], names: readonly string[]): VariableNames {
  const byName = new Map(layers.map((layer) => [layer, ofLayer(layer, names)] as const));
  if ([...byName.values()].every((found) => found !== undefined)) return byName as VariableNames;
  const scopes = new Map<string, string[]>();
  for (const name of names) {
    const scope = name.split('/').slice(0, -1).join('/');
    scopes.set(scope, [...(scopes.get(scope) ?? []), name]);
  }
  const lists = [...scopes.values()];
  const fits = lists.length === layers.length;
  return new Map(
    layers.map((layer, i) => [layer, (fits ? inScope(layer, lists[i]!) : byName.get(layer)) ?? new Map()]),
  );
}

export function weightsBy(
  variables: VariableNames,
  tensor: (name: string) => NumberTensor,
  file: string,
): KerasWeights {
  return (layer, variable) => {
    const name = variables.get(layer)?.get(variable);
    if (name !== undefined) return tensor(name);
    const reason = `layer "${layer.name}" of kind ${layer.kind} has no ${variable} in the file`;
    throw new WhosinError('bad-weights', `${file}: ${reason}.`, { path: file, reason });
  };
}

/** By the layer's name; nothing where one of its variables is not there, or several could be. */
function ofLayer(layer: KerasLayer, names: readonly string[]): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  for (const variable of variablesOf(layer.kind, layer.config)) {
    const ending = `${layer.name}/${variable}`;
    const those = names.filter((name) => name === ending || name.endsWith(`/${ending}`));
    if (those.length !== 1) return undefined;
    found.set(variable, those[0]!);
  }
  return found;
}

/** By the last part of each name. */
function inScope(layer: KerasLayer, names: readonly string[]): ReadonlyMap<string, string> | undefined {
  const wanted = variablesOf(layer.kind, layer.config);
  const found = wanted.map((variable) => names.find((name) => isOf(name, variable)));
  if (found.some((name) => name === undefined)) return undefined;
  return new Map(wanted.map((variable, i) => [variable, found[i]!]));
}

/** Keras 3 calls the filters of a depthwise convolution its kernel. */
function isOf(name: string, variable: string): boolean {
  const last = name.split('/').at(-1);
  return last === variable || (variable === 'depthwise_kernel' && last === 'kernel');
}
