/** The settings of a Keras layer by the kind of value that its writer expects. */

import type { Config } from './keras-config.ts';

export function numberOf(config: Config, name: string, otherwise: number): number {
  const value = config[name] ?? otherwise;
  return typeof value === 'number' ? value : unexpected(name, value);
}

export function flagOf(config: Config, name: string, otherwise: boolean): boolean {
  const value = config[name] ?? otherwise;
  return typeof value === 'boolean' ? value : unexpected(name, value);
}

export function textOf(config: Config, name: string, otherwise: string): string {
  const value = config[name] ?? otherwise;
  return typeof value === 'string' ? value : unexpected(name, value);
}

/** One number, or a list. */
export function numbersOf(config: Config, name: string): readonly number[] | undefined {
  const value = config[name];
  if (value === undefined || value === null) return undefined;
  const list: readonly unknown[] = Array.isArray(value) ? value.flat() : [value];
  return list.every((each) => typeof each === 'number') ? list : unexpected(name, value);
}

/** Height and width, which may be written as one number. */
export function pairOf(
  config: Config,
  name: string,
  otherwise?: readonly [number, number],
): readonly [number, number] {
  const numbers = numbersOf(config, name) ?? otherwise;
  if (numbers?.length === 1) return [numbers[0]!, numbers[0]!];
  return numbers?.length === 2 ? [numbers[0]!, numbers[1]!] : unexpected(name, config[name]);
}

/** Throws where pictures have their channels in front, which no layer here is written for. */
export function requireChannelsLast(config: Config): void {
  if (textOf(config, 'data_format', 'channels_last') === 'channels_last') return;
  throw new RangeError('it takes channels first; only channels last is read');
}

function unexpected(name: string, value: unknown): never {
  throw new RangeError(`its ${name} is ${JSON.stringify(value)}`);
}
