/** RECIPE: names of faces → a packet in which they stand, beside everything that stood there, which is not touched. */

import type { Box } from '../../core/geometry.ts';
import { iptcExtension } from './iptc.ts';
import { matchRegions } from './match-regions.ts';
import { microsoftItems, microsoftNames } from './microsoft.ts';
import { mwgItems, mwgRegions } from './mwg.ts';
import { namesInXmp } from './names-in-xmp.ts';
import type { RegionItem, StoredPicture } from './region.ts';
import {
  addField,
  addItems,
  type ListForm,
  microsoftList,
  mwgList,
  type NewRegion,
  peopleList,
} from './region-lists.ts';
import { encodeXmp, parseXmp, type XmpPacket } from './xmp.ts';
import { type Edit, remove, setText, withEdits } from './xmp-edits.ts';
import { fieldProperty, propertyOf, textOf } from './xmp-values.ts';

/** A face, in the stored picture. */
export interface NamedPlace {
  readonly name: string;
  readonly box: Box<'ratio'>;
}

export interface NameChange {
  readonly name: string;
  /** The name that the face had there; null if it had none; undefined if it was not there. */
  readonly was?: string | null;
}

export interface PutOptions {
  readonly picture: StoredPicture;
  /** Whether a name that stands at a face's place may be changed: only names that are known are. */
  readonly mayChange: (name: string) => boolean;
  /** Regions that are read from elsewhere now, and would be hidden by these. */
  readonly carried?: readonly NewRegion[];
}

export interface PutNames {
  /** The very bytes that were given, if there is nothing to change. */
  readonly bytes: Uint8Array;
  readonly changes: readonly NameChange[];
}

/** Throws an Error with the reason if the packet cannot be read, or holds names in a form that is not changed here. */
export function putNames(bytes: Uint8Array, places: readonly NamedPlace[], options: PutOptions): PutNames {
  const { picture, carried = [] } = options;
  const packet = parseXmp(bytes);
  const mwg = changesOf(packet, mwgForm, mwgItems(packet, picture) ?? [], places, options);
  // In turned photos programs disagree about the places of these: there the name tells which one is meant.
  const names = picture.orientation > 1 ? mwg.before : [];
  const microsoft = changesOf(packet, microsoftForm, microsoftItems(packet) ?? [], places, options, names);
  const edits = [
    ...mwg.edits,
    ...addItems(packet, mwgList, [...carried, ...mwg.missing], picture),
    ...microsoft.edits,
    ...addItems(packet, microsoftList, microsoft.missing, picture),
    ...peopleEdits(packet, places, [mwg, microsoft], picture),
  ];
  if (edits.length === 0) return { bytes, changes: [] };
  const result = encodeXmp(withEdits(packet.text, edits), packet.encoding);
  requireNames(result, places, options);
  const changes = mwg.changes.length > 0 ? mwg.changes : microsoft.changes;
  return {
    bytes: result,
    changes: changes.length > 0 ? changes : places.map(({ name }) => ({ name, was: name })),
  };
}

interface Form {
  readonly list: ListForm<NewRegion>;
  readonly nameUri: string;
  readonly nameField: string;
}

const mwgForm: Form = { list: mwgList, nameUri: mwgRegions, nameField: 'Name' };
const microsoftForm: Form = {
  list: microsoftList,
  nameUri: microsoftNames,
  nameField: 'PersonDisplayName',
};

interface FormChanges {
  readonly edits: readonly Edit[];
  readonly missing: readonly NewRegion[];
  /** The name that stood at each place; undefined if there was no region. */
  readonly before: readonly (string | null | undefined)[];
  readonly changes: readonly NameChange[];
  /** Names that the other regions keep. */
  readonly others: readonly string[];
}

/** A region is the face that it overlaps; never the third of a list, which another program may have sorted. */
function changesOf(
  { text }: XmpPacket,
  { nameUri, nameField }: Form,
  items: readonly RegionItem[],
  places: readonly NamedPlace[],
  { mayChange }: PutOptions,
  byName: readonly (string | null | undefined)[] = [],
): FormChanges {
  const faces = items.flatMap(({ region, item }) => (region?.type === 'Face' ? [{ region, item }] : []));
  const matches = matchRegions(
    places.map(({ box }) => box),
    faces.map(({ region }) => region.box),
  );
  const edits: Edit[] = [];
  const missing: NewRegion[] = [];
  const before: (string | null | undefined)[] = [];
  const changes: NameChange[] = [];
  const others = new Set(items);
  for (const [i, { name, box }] of places.entries()) {
    const named = faces.findIndex(
      ({ region }, f) => region.name !== null && region.name === byName[i] && !matches.includes(f),
    );
    const match = matches[i] ?? (named < 0 ? null : named);
    before.push(match === null ? undefined : faces[match]!.region.name);
    if (match === null) {
      missing.push({ name, type: 'Face', box });
      changes.push({ name });
      continue;
    }
    const { region, item } = faces[match]!;
    if (region.name === name || (region.name !== null && !mayChange(region.name))) continue;
    if (item === undefined) throw new Error('its regions are written in a form that whosin does not change');
    const property = fieldProperty(item.value, nameField);
    edits.push(property ? setText(text, property, name) : addField(text, item, nameUri, nameField, name));
    for (const one of items) if (one.item === item) others.delete(one);
    changes.push({ name, was: region.name });
  }
  return {
    edits,
    missing,
    before,
    changes,
    others: [...others].flatMap(({ region, name }) => region?.name ?? name ?? []),
  };
}

/** The list of people without places has each of them once. Whoever has no face under their name any more leaves it. */
function peopleEdits(
  packet: XmpPacket,
  places: readonly NamedPlace[],
  forms: readonly FormChanges[],
  picture: StoredPicture,
): Edit[] {
  const property = propertyOf(packet, iptcExtension, 'PersonInImage');
  const listed = property?.value.kind === 'list' ? property.value.items : [];
  const names = new Set(listed.map(({ value }) => textOf(value)));
  const kept = new Set(places.map(({ name }) => name));
  const stay = new Set([...kept, ...forms.flatMap(({ others }) => others)]);
  const edits: Edit[] = [];
  for (const { name, was } of forms.flatMap(({ changes }) => changes)) {
    const item = was && !stay.has(was) ? listed.find(({ value }) => textOf(value) === was) : undefined;
    if (item === undefined || !names.delete(was!)) continue;
    const owner = { element: item.element, owner: item.element, uri: '', local: '', value: item.value };
    edits.push(names.has(name) ? remove(packet.text, item.element) : setText(packet.text, owner, name));
    names.add(name);
  }
  const missing = [...kept].filter((name) => !names.has(name));
  return [...edits, ...addItems(packet, peopleList, missing, picture)];
}

/** The result is read again before it is written: whoever reads it next shall find the same. */
function requireNames(
  bytes: Uint8Array,
  places: readonly NamedPlace[],
  { picture, mayChange }: PutOptions,
): void {
  const { regions, unread } = namesInXmp(bytes, picture);
  const faces = regions.filter(({ type }) => type === 'Face');
  const matches = matchRegions(
    places.map(({ box }) => box),
    faces.map(({ box }) => box),
  );
  for (const [i, { name }] of places.entries()) {
    const match = matches[i] ?? null;
    const found = match === null ? undefined : faces[match]!.name;
    if (found === name || (typeof found === 'string' && !mayChange(found))) continue;
    throw new Error(
      `the name "${name}" could not be put into it${unread.length > 0 ? `: ${unread[0]}` : ''}`,
    );
  }
}
