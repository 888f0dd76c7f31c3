/** The lists of regions in a packet, for those who change them: MWG's, Microsoft's, and the people without a place. */

import type { Box } from '../../core/geometry.ts';
import { iptcExtension } from './iptc.ts';
import { microsoftPhoto, microsoftNames as region } from './microsoft.ts';
import { mwgRegions } from './mwg.ts';
import type { StoredPicture } from './region.ts';
import type { XmlElement } from './xml.ts';
import { rdf, type XmpItem, type XmpPacket, type XmpProperty } from './xmp.ts';
import { append, type Edit, escaped, type Naming, namingAt } from './xmp-edits.ts';
import { fieldProperty, isEmpty, propertyOf } from './xmp-values.ts';

const area = 'http://ns.adobe.com/xmp/sType/Area#';
const dimensions = 'http://ns.adobe.com/xap/1.0/sType/Dimensions#';
const regionInfo = 'http://ns.microsoft.com/photo/1.2/t/RegionInfo#';

/** Dublin Core: keywords. */
export const subjects = 'http://purl.org/dc/elements/1.1/';

const usual: Readonly<Record<string, string>> = {
  [rdf]: 'rdf',
  [mwgRegions]: 'mwg-rs',
  [area]: 'stArea',
  [dimensions]: 'stDim',
  [microsoftPhoto]: 'MP',
  [regionInfo]: 'MPRI',
  [region]: 'MPReg',
  [iptcExtension]: 'Iptc4xmpExt',
  [subjects]: 'dc',
};

export interface NewRegion {
  readonly name: string | null;
  readonly type: string | null;
  /** In the stored picture. */
  readonly box: Box<'ratio'>;
}

/** A list of a packet: the property that holds it, the field of it that is the list, and how an item is written. */
export interface ListForm<T> {
  readonly uri: string;
  readonly local: string;
  /** Undefined if the property itself is the list. */
  readonly field?: { readonly uri: string; readonly local: string };
  /** Fields beside a list that is new. */
  readonly beside?: (naming: Naming, picture: StoredPicture) => string;
  readonly item: (naming: Naming, one: T) => string;
}

const element = (tag: string, inside: string, attributes = ''): string =>
  `<${tag}${attributes}>${inside}</${tag}>`;

const resource = ({ name }: Naming): string => ` ${name(rdf, 'parseType')}="Resource"`;

/** Six digits tell a thousandth of a pixel of any camera. */
const digits = (value: number): string => String(Number(value.toFixed(6)));

export const mwgList: ListForm<NewRegion> = {
  uri: mwgRegions,
  local: 'Regions',
  field: { uri: mwgRegions, local: 'RegionList' },
  beside: (naming, { width, height }) =>
    element(
      naming.name(mwgRegions, 'AppliedToDimensions'),
      element(naming.name(dimensions, 'w'), String(width)) +
        element(naming.name(dimensions, 'h'), String(height)) +
        element(naming.name(dimensions, 'unit'), 'pixel'),
      resource(naming),
    ),
  item(naming, { name, type, box: { left, top, width, height } }) {
    const field = (local: string, value: number | string): string =>
      element(naming.name(area, local), typeof value === 'string' ? value : digits(value));
    const sides =
      field('x', left + width / 2) + field('y', top + height / 2) + field('w', width) + field('h', height);
    return (
      element(naming.name(mwgRegions, 'Area'), sides + field('unit', 'normalized'), resource(naming)) +
      (name === null ? '' : element(naming.name(mwgRegions, 'Name'), escaped(name))) +
      (type === null ? '' : element(naming.name(mwgRegions, 'Type'), escaped(type)))
    );
  },
};

export const microsoftList: ListForm<NewRegion> = {
  uri: microsoftPhoto,
  local: 'RegionInfo',
  field: { uri: regionInfo, local: 'Regions' },
  item(naming, { name, box: { left, top, width, height } }) {
    const sides = [left, top, width, height].map(digits).join(', ');
    return (
      element(naming.name(region, 'Rectangle'), sides) +
      (name === null ? '' : element(naming.name(region, 'PersonDisplayName'), escaped(name)))
    );
  },
};

export const peopleList: ListForm<string> = {
  uri: iptcExtension,
  local: 'PersonInImage',
  item: (_, name) => escaped(name),
};

export const keywordList: ListForm<string> = {
  uri: subjects,
  local: 'subject',
  item: (_, name) => escaped(name),
};

/** Appends items to a list, which is made if it is not there. Throws an Error with the reason if it is written in a way that is not changed here. */
export function addItems<T>(
  packet: XmpPacket,
  form: ListForm<T>,
  items: readonly T[],
  picture: StoredPicture,
): Edit[] {
  if (items.length === 0) return [];
  const property = propertyOf(packet, form.uri, form.local);
  const list = form.field ? fieldProperty(property?.value, form.field.local) : property;
  const { text } = packet;
  if (list?.element !== undefined && list.value.kind === 'list') {
    const { element: bag } = list.value;
    return [append(text, bag, itemsAt(namingAt(bag, usual), form, items).join(''))];
  }
  if (list !== undefined && !isEmpty(list.value))
    throw new Error(`its ${form.local} are written in a form that whosin does not change`);
  if (list?.element !== undefined) {
    const naming = namingAt(list.element, usual);
    return [append(text, list.element, bagOf(naming, form, items, true))];
  }
  if (property !== undefined) {
    const holder = structOf(property);
    const naming = namingAt(holder, usual);
    const tag = naming.name(form.field!.uri, form.field!.local);
    const inside = bagOf(naming, form, items);
    return [append(text, holder, element(tag, inside, naming.declared()))];
  }
  return [append(text, packet.root, descriptionWith(packet, form, items, picture))];
}

function bagOf<T>(naming: Naming, form: ListForm<T>, items: readonly T[], alone = false): string {
  return element(naming.name(rdf, 'Bag'), itemsAt(naming, form, items, alone).join(''));
}

/** @param alone whether each item declares what it needs itself */
function itemsAt<T>(naming: Naming, form: ListForm<T>, items: readonly T[], alone = true): string[] {
  const isStruct = form.field !== undefined;
  return items.map((one) => {
    const inside = form.item(naming, one);
    const attributes = (isStruct ? resource(naming) : '') + (alone ? naming.declared() : '');
    return element(naming.name(rdf, 'li'), inside, attributes);
  });
}

function descriptionWith<T>(
  packet: XmpPacket,
  form: ListForm<T>,
  items: readonly T[],
  picture: StoredPicture,
): string {
  const naming = namingAt(packet.root, usual);
  const about =
    packet.root.children[0]?.attributes.find(({ uri, local }) => uri === rdf && local === 'about')?.value ??
    '';
  const bag = bagOf(naming, form, items);
  const inside = form.field ? element(naming.name(form.field.uri, form.field.local), bag) : bag;
  const beside = form.beside?.(naming, picture) ?? '';
  const property = element(
    naming.name(form.uri, form.local),
    beside + inside,
    form.field ? resource(naming) : '',
  );
  const tag = naming.name(rdf, 'Description');
  return element(
    tag,
    `\n  ${property}\n `,
    ` ${naming.name(rdf, 'about')}="${escaped(about)}"${naming.declared()}`,
  );
}

/** Gives an item of a list a field that it has not. */
export function addField(text: string, item: XmpItem, uri: string, local: string, value: string): Edit {
  const holder = structIn(item.element);
  const naming = namingAt(holder ?? item.element, usual);
  const name = naming.name(uri, local);
  if (holder !== undefined) return append(text, holder, element(name, escaped(value), naming.declared()));
  // Its fields are all attributes.
  const { start, open } = item.element.place;
  const at = start + /\s*\/?>$/.exec(text.slice(start, open))!.index;
  return { start: at, end: at, text: ` ${name}="${escaped(value)}"${naming.declared()}` };
}

/** The element that holds the fields of a structure. */
function structOf({ element: own }: XmpProperty): XmlElement {
  const holder = own && structIn(own);
  if (holder === undefined) throw new Error('its regions are written in a form that whosin does not change');
  return holder;
}

function structIn(own: XmlElement): XmlElement | undefined {
  const isResource = own.attributes.some(
    ({ uri, local, value }) => uri === rdf && local === 'parseType' && value === 'Resource',
  );
  return isResource ? own : own.children.length === 1 ? own.children[0] : undefined;
}
