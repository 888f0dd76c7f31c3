/** Which layers a layer reads, as Keras 1 and 2 write it (lists) and as Keras 3 does (arguments). */

/** A layer's value, in one of the places where the network uses it. */
export interface KerasReference {
  readonly layer: string;
  readonly call: number;
}

/** An input of a layer: another one's value, or numbers. */
export type Operand = KerasReference | number | readonly number[];

export interface KerasCall {
  readonly inputs: readonly Operand[];
  /** The other arguments that it was called with, by name. */
  readonly named: Readonly<Record<string, unknown>>;
}

/** The arguments of functions that are values, behind the first one: `x + y`. */
const valueNames = ['x1', 'x2', 'y', 'b', 'other'];

export function isReference(operand: Operand): operand is KerasReference {
  return typeof operand === 'object' && 'layer' in operand;
}

/** @param nodes `inbound_nodes` of a layer */
export function callsOf(nodes: unknown): readonly KerasCall[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.map((node: unknown) => (Array.isArray(node) ? ofList(node) : ofArguments(node)));
}

/** @param list `input_layers` or `output_layers`: references, or a single one, or a table of them by name */
export function referencesOf(list: unknown): readonly KerasReference[] {
  const single = referenceOf(list);
  if (single) return [single];
  const several: readonly unknown[] = Array.isArray(list)
    ? list
    : Object.values((list as object | null) ?? {});
  return several.flatMap((each) => {
    const reference = referenceOf(each);
    return reference ? [reference] : [];
  });
}

/** Keras 2: `[["conv1", 0, 0, {}], …]`, or that of one layer alone. */
function ofList(node: readonly unknown[]): KerasCall {
  const entries: readonly unknown[] = typeof node[0] === 'string' ? [node] : node;
  const inputs: Operand[] = [];
  const named: Record<string, unknown> = {};
  for (const entry of entries) {
    if (!Array.isArray(entry)) continue;
    const parts: readonly unknown[] = entry;
    // A constant is written in the place of the tensor's number.
    inputs.push(...operandsOf(parts[0] === '_CONSTANT_VALUE' ? parts[2] : parts.slice(0, 3)));
    if (typeof parts[3] === 'object') Object.assign(named, parts[3]);
  }
  return withValues(inputs, named);
}

/** Keras 3: positional arguments and named ones. */
function ofArguments(node: unknown): KerasCall {
  const { args = [], kwargs = {} } = (node ?? {}) as { args?: unknown; kwargs?: Record<string, unknown> };
  return withValues(operandsOf(args), kwargs);
}

function withValues(inputs: readonly Operand[], named: Readonly<Record<string, unknown>>): KerasCall {
  const values = valueNames.flatMap((name) => operandsOf(named[name]));
  return { inputs: [...inputs, ...values], named };
}

function operandsOf(value: unknown): readonly Operand[] {
  if (typeof value === 'number') return [value];
  const reference = referenceOf(value);
  if (reference) return [reference];
  if (!Array.isArray(value)) return [];
  if (value.length > 0 && value.every((each) => typeof each === 'number')) return [value];
  return value.flatMap(operandsOf);
}

function referenceOf(value: unknown): KerasReference | undefined {
  if (Array.isArray(value)) {
    const [layer, call, tensor] = value as unknown[];
    const isOne = typeof layer === 'string' && typeof call === 'number' && typeof tensor === 'number';
    return isOne ? { layer, call } : undefined;
  }
  const { class_name: kind, config } = (value ?? {}) as {
    class_name?: unknown;
    config?: Record<string, unknown>;
  };
  return kind === '__keras_tensor__' ? referenceOf(config?.['keras_history']) : undefined;
}
