/**
 * Random values by a JSON schema, for fast-check: those that fit, and those that nearly do. The libraries for it make values
 * that fit alone, of names that no album knows; here texts are mostly things that the album has.
 */

import * as fc from 'fast-check';

export interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
}

/** Texts that programs stumble over. */
export const oddTexts = fc.oneof(
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.integer().map(String),
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1e9',
    'null',
    'true',
    '../../etc/passwd',
    "' or 1=1 --",
    '%',
    '\u0000',
    '\ud800',
    '💥',
    '\u202Etxet',
    '__proto__',
    'constructor',
    'person-1-abc',
    'x'.repeat(5000),
  ),
);

/** @param known texts that mean something to who is asked */
export function fitting(schema: JsonSchema, known: readonly string[]): fc.Arbitrary<unknown> {
  const inner = (one: JsonSchema): fc.Arbitrary<unknown> => fitting(one, known);
  const { minimum, exclusiveMinimum, maximum } = schema;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(inner));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, one]) => [key, inner(one)])),
        { requiredKeys: [...(schema.required ?? [])] },
      );
    case 'array':
      return fc.array(inner(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 4 });
    case 'string':
      return textOf(schema, known);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'integer': {
      const min = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
      const range = { ...(min !== undefined && { min }), max: Math.min(maximum ?? 1e15, 1e15) };
      return fc.oneof(
        fc.integer({ min: min ?? 0, max: (min ?? 0) + 10 }),
        fc.maxSafeInteger().map((n) => Math.min(range.max, Math.max(range.min ?? -range.max, n))),
      );
    }
    case 'number':
      return fc.double({ min: minimum ?? -1e300, max: maximum ?? 1e300, noNaN: true });
    case undefined:
    default:
      return fc.jsonValue();
  }
}

function textOf(
  { pattern, minLength = 0, maxLength = 4096 }: JsonSchema,
  known: readonly string[],
): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  const fits = (text: string): boolean => text.length >= minLength && text.length <= maxLength;
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known.filter(fits)) }, oddTexts.filter(fits));
}

/** One place of it is something else, or not there. */
export function nearlyFitting(schema: JsonSchema, known: readonly string[]): fc.Arbitrary<unknown> {
  const odd = fc.oneof(fc.constant(undefined), fc.jsonValue(), oddTexts, fc.constantFrom(...known));
  return fc.tuple(fitting(schema, known), fc.nat(), odd).map(([value, place, other]) => {
    const places = placesOf(value);
    return replaced(value, places[place % places.length]!, other);
  });
}

type Place = readonly (string | number)[];

function placesOf(value: unknown, here: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [here];
  return [here, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...here, key]))];
}

function replaced(value: unknown, [key, ...rest]: Place, other: unknown): unknown {
  if (key === undefined) return other;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, other);
  return copy;
}
