/** Small Keras models made in code, and written in each of the formats that Keras has. */

import { zipSync } from 'fflate';
import { File, type Group, ready } from 'h5wasm';
import { numbers } from '../tensorflow/toy-tensorflow.ts';

type Config = Readonly<Record<string, unknown>>;
type Shapes = Readonly<Record<string, readonly number[]>>;

interface ToyLayer {
  readonly kind: string;
  readonly name: string;
  readonly config: Config;
  readonly reads: readonly string[];
  readonly weights: Shapes;
}

/** Collects layers; each gives its name, which later ones read. */
export class ToyKeras {
  readonly #layers: ToyLayer[] = [];
  readonly #data = new Map<string, Float32Array>();

  constructor(readonly shape: readonly number[]) {
    this.layer('InputLayer', { batch_input_shape: [null, ...shape], dtype: 'float32' }, []);
  }

  get input(): string {
    return this.#layers[0]!.name;
  }

  /** @param weights the shapes of its variables, in Keras' order */
  layer(kind: string, config: Config, reads: string | readonly string[], weights: Shapes = {}): string {
    const count = this.#layers.filter((other) => other.kind === kind).length;
    const name = `${kind.toLowerCase()}_${count}`;
    for (const [variable, shape] of Object.entries(weights)) {
      const values = numbers(shape.reduce((a, b) => a * b, 1));
      // A variance is above zero.
      const positive = variable === 'moving_variance';
      this.#data.set(
        `${name}/${variable}`,
        Float32Array.from(values, (v) => (positive ? Math.abs(v) + 0.5 : v / 3)),
      );
    }
    this.#layers.push({ kind, name, config: { ...config, name }, reads: [reads].flat(), weights });
    return name;
  }

  conv(x: string, inputs: number, filters: number, config: Config = {}, kernel = 3): string {
    const shapes = {
      kernel: [kernel, kernel, inputs, filters],
      ...(config['use_bias'] !== false && { bias: [filters] }),
    };
    return this.layer(
      'Conv2D',
      { filters, kernel_size: [kernel, kernel], padding: 'same', ...config },
      x,
      shapes,
    );
  }

  depthwise(x: string, channels: number, config: Config = {}): string {
    const settings = { kernel_size: [3, 3], padding: 'same', use_bias: false, ...config };
    return this.layer('DepthwiseConv2D', settings, x, { depthwise_kernel: [3, 3, channels, 1] });
  }

  norm(x: string, channels: number, config: Config = {}): string {
    const variables = ['gamma', 'beta', 'moving_mean', 'moving_variance'].filter(
      (name) => !(name === 'gamma' && config['scale'] === false),
    );
    const shapes = Object.fromEntries(variables.map((name) => [name, [channels]]));
    return this.layer('BatchNormalization', { axis: -1, epsilon: 0.001, ...config }, x, shapes);
  }

  dense(x: string, inputs: number, units: number, activation = 'softmax'): string {
    return this.layer('Dense', { units, activation }, x, { kernel: [inputs, units], bias: [units] });
  }

  /** As Keras 2 describes it. */
  topology(): object {
    const last = this.#layers.at(-1)!.name;
    const layers = this.#layers.map(({ kind, name, config, reads }) => ({
      class_name: kind,
      name,
      config,
      inbound_nodes: reads.length === 0 ? [] : [reads.map((read) => [read, 0, 0, {}])],
    }));
    const config = { name: 'toy', layers, input_layers: [[this.input, 0, 0]], output_layers: [[last, 0, 0]] };
    return { class_name: 'Model', config, keras_version: '2.4.0', backend: 'tensorflow' };
  }

  /** TensorFlow.js: `model.json`, and the bytes of its weights. */
  layersModel(): { readonly json: string; readonly weights: Uint8Array } {
    const weights = [...this.#data].map(([name]) => ({ name, shape: this.#shapeOf(name), dtype: 'float32' }));
    const manifest = [{ paths: ['weights.bin'], weights }];
    const bytes = Buffer.concat([...this.#data.values()].map((values) => new Uint8Array(values.buffer)));
    return {
      json: JSON.stringify({ modelTopology: this.topology(), weightsManifest: manifest }),
      weights: bytes,
    };
  }

  /** Keras 2: one HDF5 file. */
  async hdf5(): Promise<Uint8Array> {
    return written((root) => {
      root.create_attribute('model_config', JSON.stringify(this.topology()));
      root.create_attribute('keras_version', '2.4.0');
      const all = root.create_group('model_weights');
      for (const { name, weights } of this.#layers) {
        const group = all.create_group(name);
        const names = Object.keys(weights).map((variable) => `${name}/${variable}:0`);
        if (names.length === 0) continue;
        group.create_attribute('weight_names', names);
        const inner = group.create_group(name);
        for (const variable of Object.keys(weights))
          this.#write(inner, `${variable}:0`, `${name}/${variable}`);
      }
    });
  }

  /** Keras 3: a ZIP of a description and of numbered weights. */
  async archive(): Promise<Uint8Array> {
    const layers = this.#layers.map(({ kind, name, config, reads }) => ({
      module: 'keras.layers',
      class_name: kind,
      name,
      config: kind === 'InputLayer' ? { name, batch_shape: [null, ...this.shape] } : config,
      inbound_nodes: reads.length === 0 ? [] : [{ args: [argumentsOf(reads)].flat(), kwargs: {} }],
    }));
    const ends = { input_layers: [this.input, 0, 0], output_layers: [this.#layers.at(-1)!.name, 0, 0] };
    const model = { module: 'keras', class_name: 'Functional', config: { name: 'toy', layers, ...ends } };
    const weights = await written((root) => {
      const all = root.create_group('layers');
      const counts = new Map<string, number>();
      for (const { kind, name, weights: shapes } of this.#layers) {
        const own = snake(kind);
        const before = counts.get(own) ?? 0;
        counts.set(own, before + 1);
        const variables = all.create_group(before === 0 ? own : `${own}_${before}`).create_group('vars');
        for (const [i, variable] of Object.keys(shapes).entries())
          this.#write(variables, `${i}`, `${name}/${variable}`);
      }
    });
    const config = new TextEncoder().encode(JSON.stringify(model));
    return zipSync({ 'metadata.json': new Uint8Array(), 'config.json': config, 'model.weights.h5': weights });
  }

  #shapeOf(path: string): number[] {
    const [name, variable] = path.split('/');
    return [...this.#layers.find((layer) => layer.name === name)!.weights[variable!]!];
  }

  #write(group: Group, name: string, path: string): void {
    group.create_dataset({ name, data: this.#data.get(path)!, shape: this.#shapeOf(path), dtype: '<f4' });
  }
}

function argumentsOf(reads: readonly string[]): unknown {
  const tensors = reads.map((name) => ({
    class_name: '__keras_tensor__',
    config: { keras_history: [name, 0, 0] },
  }));
  // A layer of several inputs takes one list of them.
  return tensors.length === 1 ? tensors : [tensors];
}

function snake(kind: string): string {
  const kinds: Readonly<Record<string, string>> = {
    PReLU: 'p_re_lu',
    ReLU: 're_lu',
    LeakyReLU: 'leaky_re_lu',
  };
  return (
    kinds[kind] ??
    kind
      .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
      .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
      .toLowerCase()
  );
}

async function written(write: (root: Group) => void): Promise<Uint8Array> {
  const { FS: files } = await ready;
  const file = new File('toy.h5', 'w');
  write(file);
  file.close();
  const bytes = Uint8Array.from(files.readFile('toy.h5'));
  files.unlink('toy.h5');
  return bytes;
}
