/** Facts about a foreign model file that the person gives: one set of options for all commands that take a file. */

import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { WhosinError } from '../../errors.ts';
import { type KnownParts, preparations } from '../../models/graph/picture-parts.ts';

type Range = keyof typeof preparations;
export type Preparation = NonNullable<KnownParts['preparation']>;

const options: readonly Option[] = [
  new Option(
    '--labels <file>',
    'one label a line, in the order of the scores (default: those in the file or beside it)',
  ),
  new Option('--input <node>', 'the node that takes the picture'),
  new Option('--size <WxH>', 'size of the picture, such as 224x224').argParser(size),
  new Option(
    '--range <range>',
    'values that 0 to 255 become (default: as the file or its family has it; else imagenet for ONNX, -1..1 for others)',
  ).choices(Object.keys(preparations) as Range[]),
  new Option(
    '--mean <r,g,b>',
    'subtracted from values from 0 to 255; one number for all colours, or three',
  ).argParser(numbers),
  new Option('--scale <r,g,b>', 'multiplied with the rest; one number for all colours, or three').argParser(
    numbers,
  ),
  new Option('--bgr', 'the network takes colours as blue, green, red'),
  new Option(
    '--crop <part>',
    'the part of a photo that the network sees: its middle with the proportions of the input, or all of it (default: none; centre for Teachable Machine)',
  ).choices(['centre', 'none']),
  new Option('--output <node>', 'the node that gives the scores'),
];

/** The command with all of them, in one order. */
export function withKnownOptions<Args extends unknown[], Own extends Record<string, unknown>>(
  command: Command<Args, Own>,
): Command<Args, Own & KnownFlags> {
  for (const option of options) command.addOption(option);
  return command;
}

export interface KnownFlags {
  readonly labels?: string | undefined;
  readonly input?: string | undefined;
  readonly size?: { readonly width: number; readonly height: number } | undefined;
  readonly range?: Range | undefined;
  readonly mean?: readonly number[] | undefined;
  readonly scale?: readonly number[] | undefined;
  readonly bgr?: true | undefined;
  readonly crop?: 'centre' | 'none' | undefined;
  readonly output?: string | undefined;
}

/** Throws `usage` if a range is given in two ways. */
export function knownParts({ range, mean, scale, bgr, ...parts }: Omit<KnownFlags, 'labels'>): KnownParts {
  const preparation = preparationOf({ range, mean, scale });
  const given = Object.entries({ ...parts, preparation }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), ...(bgr && { order: 'bgr' }) };
}

/** Throws `usage` if it is given in two ways, or half. */
export function preparationOf({ range, mean, scale }: KnownFlags): Preparation | undefined {
  if (!mean && !scale) return range && preparations[range];
  if (range || !mean || !scale)
    throw new WhosinError('usage', 'Give either --range, or both --mean and --scale.');
  const triple = (values: readonly number[]): [number, number, number] => [
    values[0]!,
    values.at(-2) ?? values[0]!,
    values.at(-1)!,
  ];
  return { mean: triple(mean), scale: scale.length === 1 ? scale[0]! : triple(scale) };
}

function size(text: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /^(\d{1,4})[x×](\d{1,4})$/.exec(text) ?? [];
  if (!Number(width) || !Number(height)) throw new InvalidArgumentError('Give it as 224x224.');
  return { width: Number(width), height: Number(height) };
}

function numbers(text: string): readonly number[] {
  const values = text.split(',').map(Number);
  if ((values.length === 1 || values.length === 3) && text.trim() !== '' && values.every(Number.isFinite))
    return values;
  throw new InvalidArgumentError('Give one number, or three with commas between.');
}
