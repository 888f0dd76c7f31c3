/** RECIPE: names of faces → a packet in which they stand, beside everything that stood there, which is not touched. */

import { matchRegions } from './match-regions.ts';
import { microsoftItems, microsoftNames } from './microsoft.ts';
import { mwgItems, mwgRegions } from './mwg.ts';
import { keywordEdits, peopleEdits } from './name-lists.ts';
import { namesInXmp } from './names-in-xmp.ts';
import type { NameChange, NamedPlace, PutOptions } from './put-options.ts';
import type { RegionItem } from './region.ts';
import { addField, addItems, microsoftList, mwgList, type NewRegion } from './region-lists.ts';
import { entryOf, holds, type WrittenName } from './written-names.ts';
import { encodeXmp, parseXmp, type XmpPacket } from './xmp.ts';
import { type Edit, remove, setText, withEdits, withoutField } from './xmp-edits.ts';
import { fieldProperty } from './xmp-values.ts';

export interface PutNames {
  /** The very bytes that were given, if there is nothing to change. */
  readonly bytes: Uint8Array;
  readonly changes: readonly NameChange[];
  /** Names that whosin has written there, these and earlier ones. */
  readonly written: readonly WrittenName[];
}

/** Throws an Error with the reason if the packet cannot be read, or holds names in a form that is not changed here. */
export function putNames(bytes: Uint8Array, places: readonly NamedPlace[], options: PutOptions): PutNames {
  const { picture, carried = [] } = options;
  const packet = parseXmp(bytes);
  const mwg = changesOf(packet, mwgForm, mwgItems(packet, picture) ?? [], places, options);
  // In turned photos programs disagree about the places of these: there the name tells which one is meant.
  const names = picture.orientation > 1 ? mwg.before : [];
  const microsoft = changesOf(packet, microsoftForm, microsoftItems(packet) ?? [], places, options, names);
  const people = peopleEdits(packet, places, [mwg, microsoft], options);
  const keywords = keywordEdits(packet, places, options);
  const edits = [
    ...mwg.edits,
    ...addItems(packet, mwgList, [...carried, ...mwg.missing], picture),
    ...microsoft.edits,
    ...addItems(packet, microsoftList, microsoft.missing, picture),
    ...people.edits,
    ...keywords.edits,
  ];
  const written = [mwg, microsoft, people, keywords].flatMap((part) => part.written);
  if (edits.length === 0) return { bytes, changes: [], written };
  const result = encodeXmp(withEdits(packet.text, edits), packet.encoding);
  requireNames(result, places, options);
  const changes = mwg.changes.length > 0 ? mwg.changes : microsoft.changes;
  const elsewhere = [
    ...places.map(({ name }) => ({ name, was: name })),
    ...[...people.gone, ...keywords.gone].map((was) => ({ name: null, was })),
  ];
  return { bytes: result, changes: changes.length > 0 ? changes : elsewhere, written };
}

interface Form {
  readonly form: WrittenName['form'];
  readonly nameUri: string;
  readonly nameField: string;
}

const mwgForm: Form = { form: 'mwg', nameUri: mwgRegions, nameField: 'Name' };
const microsoftForm: Form = {
  form: 'microsoft',
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
  readonly written: readonly WrittenName[];
}

/** A region is the face that it overlaps; never the third of a list, which another program may have sorted. */
function changesOf(
  { text }: XmpPacket,
  { form, nameUri, nameField }: Form,
  items: readonly RegionItem[],
  places: readonly NamedPlace[],
  { mayChange, written = [], kept = [] }: PutOptions,
  byName: readonly (string | null | undefined)[] = [],
): FormChanges {
  const own = written.filter((one) => one.form === form);
  const [lasting, outdated] = [true, false].map((still) =>
    own.filter((one) => holds(one, [...places, ...kept]) === still),
  ) as [WrittenName[], WrittenName[]];
  const faces = items.flatMap((one) => {
    const { region, item } = one;
    return region?.type === 'Face' ? [{ region, item, one }] : [];
  });
  const matches = matchRegions(
    places.map(({ box }) => box),
    faces.map(({ region }) => region.box),
  );
  const edits: Edit[] = [];
  const missing: NewRegion[] = [];
  const before: (string | null | undefined)[] = [];
  const changes: NameChange[] = [];
  const others = new Set(items);
  const matched = new Set<RegionItem>();
  for (const [i, { name, box }] of places.entries()) {
    const named = faces.findIndex(
      ({ region }, f) => region.name !== null && region.name === byName[i] && !matches.includes(f),
    );
    const match = matches[i] ?? (named < 0 ? null : named);
    before.push(match === null ? undefined : faces[match]!.region.name);
    if (match === null) {
      missing.push({ name, type: 'Face', box });
      changes.push({ name });
      lasting.push({ form, name, box, made: true });
      continue;
    }
    const { region, item, one } = faces[match]!;
    matched.add(one);
    if (region.name === name || (region.name !== null && !mayChange(region.name))) continue;
    if (item === undefined) throw new Error('its regions are written in a form that whosin does not change');
    const property = fieldProperty(item.value, nameField);
    edits.push(property ? setText(text, property, name) : addField(text, item, nameUri, nameField, name));
    others.delete(one);
    changes.push({ name, was: region.name });
    const made = entryOf(outdated, region.name, region.box)?.made ?? false;
    lasting.push({ form, name, box, made });
  }
  for (const { region, item, one } of faces.filter((face) => !matched.has(face.one))) {
    const entry = entryOf(outdated, region.name, region.box);
    if (entry === undefined || item === undefined) continue;
    edits.push(
      entry.made ? remove(text, item.element) : withoutField(text, fieldProperty(item.value, nameField)!),
    );
    others.delete(one);
    changes.push({ name: null, was: region.name });
  }
  return {
    edits,
    missing,
    before,
    changes,
    others: [...others].flatMap(({ region, name }) => region?.name ?? name ?? []),
    written: lasting,
  };
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
