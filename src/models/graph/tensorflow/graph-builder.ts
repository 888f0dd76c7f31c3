/** Builds the TensorFlow graph of a model that is described in other words. */

import type { NumberTensor } from './tensor-proto.ts';
import type { Attribute, GraphNode, NodeOutput, TensorFlowGraph } from './tensorflow-graph.ts';

type Attributes = Readonly<Record<string, Attribute>>;

/** Collects nodes; those of a layer are named after it. */
export class GraphBuilder {
  readonly #nodes = new Map<string, GraphNode>();
  #scope = '';
  #count = 0;

  /** Nodes that follow are named after this layer. */
  begin(layer: string): void {
    this.#scope = this.freeName(layer);
    this.#count = 0;
  }

  /** The value under the name of the layer that was begun. */
  end(value: NodeOutput): NodeOutput {
    const node = this.#nodes.get(value.node)!;
    // Nothing reads the layer's last node yet.
    const isOwn = value.node === [...this.#nodes.keys()].at(-1) && value.node.startsWith(`${this.#scope}/`);
    if (!isOwn) return this.#add(this.#scope, 'Identity', [value], {});
    this.#nodes.delete(value.node);
    this.#nodes.set(this.#scope, { ...node, name: this.#scope });
    return { node: this.#scope, index: 0 };
  }

  /** A value that is given from outside. */
  input(shape: readonly number[] | undefined): NodeOutput {
    return this.#add(this.#scope, 'Placeholder', [], { dtype: 'DT_FLOAT', shape: { shape } });
  }

  node(op: string, inputs: readonly NodeOutput[], attributes: Attributes = {}): NodeOutput {
    return this.#add(this.freeName(`${this.#scope}/${op}`), op, inputs, attributes);
  }

  floats(shape: readonly number[], values: ArrayLike<number>): NodeOutput {
    return this.tensor({ type: 'float', shape, data: Float32Array.from(values) });
  }

  ints(values: readonly number[], shape: readonly number[] = [values.length]): NodeOutput {
    return this.tensor({ type: 'int', shape, data: Float64Array.from(values) });
  }

  number(value: number): NodeOutput {
    return this.floats([], [value]);
  }

  tensor(tensor: NumberTensor, name = `${this.#scope}/Const_${this.#count++}`): NodeOutput {
    return this.#add(this.freeName(name), 'Const', [], {
      value: { tensor: () => tensor },
    });
  }

  graph(file: string): TensorFlowGraph {
    return { file, nodes: this.#nodes };
  }

  freeName(name: string): string {
    if (!this.#nodes.has(name)) return name;
    let number = 1;
    while (this.#nodes.has(`${name}_${number}`)) number++;
    return `${name}_${number}`;
  }

  #add(name: string, op: string, inputs: readonly NodeOutput[], attributes: Attributes): NodeOutput {
    this.#nodes.set(name, { name, op, inputs, attributes: new Map(Object.entries(attributes)) });
    return { node: name, index: 0 };
  }
}
