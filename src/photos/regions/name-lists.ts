/** Names without a place that a packet lists: people, and keywords if a person wants them. */

import { iptcExtension } from './iptc.ts';
import type { NameChange, NamedPlace, PutOptions } from './put-options.ts';
import { addItems, keywordList, peopleList, subjects } from './region-lists.ts';
import type { WrittenName } from './written-names.ts';
import type { XmpPacket } from './xmp.ts';
import { type Edit, remove, setText } from './xmp-edits.ts';
import { propertyOf, textOf } from './xmp-values.ts';

interface ListChanges {
  readonly edits: readonly Edit[];
  /** Names that are taken out. */
  readonly gone: readonly string[];
  readonly written: readonly WrittenName[];
}

/** The list of people without places has each of them once. Whoever has no face under their name any more leaves it. */
export function peopleEdits(
  packet: XmpPacket,
  places: readonly NamedPlace[],
  forms: readonly { readonly changes: readonly NameChange[]; readonly others: readonly string[] }[],
  { picture, written = [], kept = [] }: PutOptions,
): ListChanges {
  const property = propertyOf(packet, iptcExtension, 'PersonInImage');
  const listed = property?.value.kind === 'list' ? property.value.items : [];
  const names = new Set(listed.map(({ value }) => textOf(value)));
  const wanted = new Set(places.map(({ name }) => name));
  const stay = new Set([
    ...[...places, ...kept].map(({ name }) => name),
    ...forms.flatMap(({ others }) => others),
  ]);
  const edits: Edit[] = [];
  const gone: string[] = [];
  const own = new Set(namesOf(written, 'people'));
  for (const { name, was } of forms.flatMap(({ changes }) => changes)) {
    if (name === null || !was || stay.has(was)) continue;
    const item = listed.find(({ value }) => textOf(value) === was);
    if (item === undefined || !names.delete(was)) continue;
    const owner = { element: item.element, owner: item.element, uri: '', local: '', value: item.value };
    edits.push(names.has(name) ? remove(packet.text, item.element) : setText(packet.text, owner, name));
    names.add(name);
    if (own.delete(was)) own.add(name);
  }
  for (const name of [...own].filter((one) => !stay.has(one))) {
    own.delete(name);
    const item = names.delete(name) ? listed.find(({ value }) => textOf(value) === name) : undefined;
    if (item === undefined) continue;
    edits.push(remove(packet.text, item.element));
    gone.push(name);
  }
  const missing = [...wanted].filter((name) => !names.has(name));
  return {
    edits: [...edits, ...addItems(packet, peopleList, missing, picture)],
    gone,
    written: [...own, ...missing].map((name) => ({ form: 'people', name, box: null, made: true })),
  };
}

/** Only keywords that whosin wrote are taken out. */
export function keywordEdits(
  packet: XmpPacket,
  places: readonly NamedPlace[],
  { picture, written = [], kept = [], keywords = false }: PutOptions,
): ListChanges {
  const property = propertyOf(packet, subjects, 'subject');
  const listed = property?.value.kind === 'list' ? property.value.items : [];
  const named = new Set([...places, ...kept].map(({ name }) => name));
  const own = namesOf(written, 'keywords');
  const outdated = new Set(own.filter((name) => !named.has(name)));
  const found = listed.filter(({ value }) => outdated.delete(textOf(value) ?? ''));
  const there = new Set(listed.map(({ value }) => textOf(value)));
  const names = new Set(places.map(({ name }) => name));
  const missing = keywords ? [...names].filter((name) => !there.has(name)) : [];
  return {
    edits: [
      ...found.map(({ element }) => remove(packet.text, element)),
      ...addItems(packet, keywordList, missing, picture),
    ],
    gone: found.map(({ value }) => textOf(value)!),
    written: [...own.filter((name) => named.has(name)), ...missing].map((name) => ({
      form: 'keywords',
      name,
      box: null,
      made: true,
    })),
  };
}

function namesOf(written: readonly WrittenName[], form: WrittenName['form']): string[] {
  return written.flatMap((one) => (one.form === form ? one.name : []));
}
