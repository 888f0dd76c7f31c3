/** Values of XMP, for those who look for something in them. */

import type { XmpItem, XmpPacket, XmpProperty, XmpValue } from './xmp.ts';

export function propertyOf(packet: XmpPacket, uri: string, local: string): XmpProperty | undefined {
  return packet.properties.find((property) => property.uri === uri && property.local === local);
}

/**
 * A field of a structure. Its name alone counts: programs disagree about the namespaces of what lies inside a region.
 */
export function fieldProperty(value: XmpValue | undefined, local: string): XmpProperty | undefined {
  return value?.kind === 'struct' ? value.fields.find((field) => field.local === local) : undefined;
}

export function fieldOf(value: XmpValue | undefined, local: string): XmpValue | undefined {
  return fieldProperty(value, local)?.value;
}

/** The items of a list; what is written without a list is a list of one. */
export function itemsOf(value: XmpValue | undefined): readonly XmpValue[] {
  return placedItemsOf(value).map((item) => item.value);
}

/** The same, each with its item if there is a list. */
export function placedItemsOf(
  value: XmpValue | undefined,
): readonly { readonly value: XmpValue; readonly item?: XmpItem }[] {
  if (value === undefined || isEmpty(value)) return [];
  return value.kind === 'list' ? value.items.map((item) => ({ value: item.value, item })) : [{ value }];
}

export function isEmpty(value: XmpValue): boolean {
  return value.kind === 'text' && value.text.trim() === '';
}

/** Without space around it; undefined if there is none. In several languages: the first, which is the usual one. */
export function textOf(value: XmpValue | undefined): string | undefined {
  if (value?.kind === 'list') return textOf(value.items[0]?.value);
  const text = value?.kind === 'text' ? value.text.trim() : '';
  return text === '' ? undefined : text;
}

export function textsOf(value: XmpValue | undefined): string[] {
  return itemsOf(value).flatMap((item) => textOf(item) ?? []);
}

/** `0.25`, and `0,25` as programs wrote it that asked the system how numbers look. NaN for anything else. */
export function numberOf(value: XmpValue | undefined): number {
  const text = textOf(value);
  return text === undefined ? Number.NaN : numberIn(text);
}

export function numberIn(text: string): number {
  const plain = text.trim().replace(',', '.');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
}
