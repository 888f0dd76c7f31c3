/** RECIPE: names of faces → a Picasa list in which they stand, beside everything that stood there, which is not touched. */

import { createHash } from 'node:crypto';
import type { Box } from '../../core/geometry.ts';
import { matchRegions } from './match-regions.ts';
import {
  contactId,
  contactName,
  isContacts,
  nobody,
  picasaEntries,
  picasaHeading,
  picasaLines,
  sidesIn,
} from './picasa.ts';
import type { NameChange, NamedPlace, PutOptions } from './put-options.ts';
import { entryOf, holds, type WrittenName } from './written-names.ts';

export interface PutPicasa {
  /** The very text that was given, if there is nothing to change. */
  readonly text: string;
  readonly changes: readonly NameChange[];
  /** Names that whosin has written there for this photo, these and earlier ones. */
  readonly written: readonly WrittenName[];
}

/**
 * @param photo its name in the folder
 * @param places in the stored picture
 */
export function putPicasa(
  text: string,
  photo: string,
  places: readonly NamedPlace[],
  { mayChange, kept = [], written: before = [] }: Pick<PutOptions, 'mayChange' | 'kept' | 'written'>,
): PutPicasa {
  const settings = picasaLines(text);
  const contacts = new Map(
    settings
      .filter(({ section }) => isContacts(section))
      .map(({ key, value }) => [contactId(key), contactName(value)]),
  );
  const own = settings.findLast(({ section, key }) => isSame(section, photo) && isSame(key, 'faces'));
  const entries = picasaEntries(own?.value ?? '');
  const faces = entries.flatMap(({ rectangle, contact }, entry) =>
    rectangle === undefined ? [] : [{ entry, box: sidesIn(rectangle), contact: contact! }],
  );
  const matches = matchRegions(
    places.map(({ box }) => box),
    faces.map(({ box }) => box),
  );
  const [lasting, outdated] = [true, false].map((still) =>
    before.filter((one) => holds(one, [...places, ...kept]) === still),
  ) as [WrittenName[], WrittenName[]];
  const changes: NameChange[] = [];
  const fresh = new Map<string, string>();
  const entryTexts: (string | null)[] = entries.map((entry) => entry.text);
  for (const [i, { name, box }] of places.entries()) {
    const face = faces[matches[i] ?? -1];
    const was = face === undefined || face.contact === nobody ? null : contacts.get(face.contact);
    // A contact without a name here has one in Picasa's own list.
    if (was === undefined || was === name || (was !== null && !mayChange(was))) continue;
    const contact = contactOf(name, contacts, fresh);
    if (face === undefined) entryTexts.push(`rect64(${digitsOf(box)}),${contact}`);
    else entryTexts[face.entry] = withContact(entries[face.entry]!.text, contact);
    changes.push(face === undefined ? { name } : { name, was });
    const made = face === undefined || (entryOf(outdated, was, face.box)?.made ?? false);
    lasting.push({ form: 'picasa', name, box, made });
  }
  for (const [f, { entry, box, contact }] of faces.entries()) {
    const was = contacts.get(contact) ?? null;
    const written = matches.includes(f) ? undefined : entryOf(outdated, was, box);
    if (written === undefined) continue;
    entryTexts[entry] = written.made ? null : withContact(entries[entry]!.text, nobody);
    changes.push({ name: null, was });
  }
  if (changes.length === 0) return { text, changes, written: lasting };
  const lines = linesOf(text);
  const left = entryTexts.filter((entry) => entry !== null);
  const line = `faces=${left.join(';')}`;
  if (own === undefined) insert(lines, (section) => isSame(section, photo), photo, [line]);
  else lines[own.line] = left.length === 0 ? '' : line + /[\r\n]*$/.exec(lines[own.line]!)![0];
  const added = [...fresh].map(([name, id]) => `${id}=${name};;`);
  insert(lines, isContacts, 'Contacts2', added);
  return { text: lines.join(''), changes, written: lasting };
}

function withContact(entry: string, contact: string): string {
  return entry.replace(/,\s*[0-9a-f]+\s*$/i, `,${contact}`);
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The contact of that name, or a new one, whose number follows from the name. */
function contactOf(name: string, contacts: Map<string, string>, fresh: Map<string, string>): string {
  for (const [id, known] of contacts) if (known === name && id !== nobody) return id;
  if (name.includes(';')) throw new Error(`a list of Picasa cannot hold the name "${name}"`);
  for (let n = 0; ; n++) {
    const id = createHash('sha256')
      .update(`${name}${n || ''}`)
      .digest('hex')
      .slice(0, 16);
    if (id === nobody || contacts.has(id)) continue;
    contacts.set(id, name);
    fresh.set(name, id);
    return id;
  }
}

function digitsOf({ left, top, width, height }: Box<'ratio'>): string {
  const sides = [left, top, left + width, top + height];
  return sides
    .map((side) =>
      Math.round(Math.min(1, Math.max(0, side)) * 0xffff)
        .toString(16)
        .padStart(4, '0'),
    )
    .join('');
}

/** Each with its end. */
function linesOf(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}

/** Puts lines at the end of a section, which is made if it is not there. */
function insert(
  lines: string[],
  isSection: (section: string) => boolean,
  section: string,
  added: readonly string[],
): void {
  if (added.length === 0) return;
  // Picasa writes lists as Windows does.
  const end = /\r\n|\n|\r/.exec(lines.join(''))?.[0] ?? '\r\n';
  if (lines.length > 0 && !/[\r\n]$/.test(lines.at(-1)!)) lines.push(lines.pop()! + end);
  const headings = lines.map((line) => picasaHeading(line.trimEnd()));
  const begin = headings.findLastIndex((heading) => heading !== undefined && isSection(heading));
  const put = (begin < 0 ? [`[${section}]`, ...added] : added).map((line) => line + end);
  if (begin < 0) return void lines.push(...put);
  let last = begin;
  for (let at = begin + 1; at < lines.length && headings[at] === undefined; at++)
    if (lines[at]!.trim() !== '') last = at;
  lines.splice(last + 1, 0, ...put);
}
