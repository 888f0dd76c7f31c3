/** Attributes of a node by the kind of value that an op expects; older files leave out what is at its default. */

import type { GraphTensor } from './tensor-proto.ts';
import type { Attribute, GraphNode } from './tensorflow-graph.ts';

export function numberOf(node: GraphNode, name: string, otherwise: number): number {
  const value = node.attributes.get(name) ?? otherwise;
  return typeof value === 'number' ? value : unexpected(name, value);
}

export function flagOf(node: GraphNode, name: string): boolean {
  const value = node.attributes.get(name) ?? false;
  return typeof value === 'boolean' ? value : unexpected(name, value);
}

export function textOf(node: GraphNode, name: string, otherwise: string): string {
  const value = node.attributes.get(name) ?? otherwise;
  return typeof value === 'string' ? value : unexpected(name, value);
}

export function numbersOf(node: GraphNode, name: string): readonly number[] {
  return listOf(node, name, (item) => typeof item === 'number');
}

export function textsOf(node: GraphNode, name: string): readonly string[] {
  return listOf(node, name, (item) => typeof item === 'string');
}

/** The shape that a placeholder was made with: nothing if the file does not say. */
export function shapeOf(node: GraphNode): readonly number[] | undefined {
  const value = node.attributes.get('shape');
  return typeof value === 'object' && 'shape' in value ? value.shape : undefined;
}

/** The value of a constant: nothing for another node, and if it cannot be read. */
export function tensorOf(node: GraphNode | undefined): GraphTensor | undefined {
  const value = node?.attributes.get('value');
  if (typeof value !== 'object' || !('tensor' in value)) return undefined;
  try {
    return value.tensor();
  } catch {
    return undefined;
  }
}

function listOf<T extends number | string>(
  node: GraphNode,
  name: string,
  is: (item: unknown) => item is T,
): readonly T[] {
  const value = node.attributes.get(name) ?? [];
  return Array.isArray(value) && value.every(is) ? value : unexpected(name, value);
}

function unexpected(name: string, value: Attribute): never {
  throw new RangeError(`its attribute ${name} is ${JSON.stringify(value)}`);
}
