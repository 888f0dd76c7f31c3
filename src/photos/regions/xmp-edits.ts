/** Changes in the text of an XMP packet, each in its place: everything else stays as it is, letter by letter. */

import type { XmlElement } from './xml.ts';
import { rdf, type XmpProperty, type XmpValue } from './xmp.ts';

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @param edits which do not touch each other; those of one place in their order */
export function withEdits(text: string, edits: readonly Edit[]): string {
  let [result, at] = ['', 0];
  for (const { start, end, text: put } of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(at, start) + put;
    at = end;
  }
  return result + text.slice(at);
}

export function escaped(value: string): string {
  return value.replace(/[&<>"\r\n\t]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Gives a property that holds a text another one. Throws an Error with the reason if it is written in a way that is not changed here. */
export function setText(text: string, { element, owner, local, uri, value }: XmpProperty, put: string): Edit {
  if (element === undefined) return setAttribute(text, owner, uri, local, put);
  const holder = holderOf(element, value);
  return { start: holder.place.start, end: holder.place.end, text: filled(text, holder, escaped(put)) };
}

/** The element whose text the value is: of several languages the first, which is the usual one. */
function holderOf(element: XmlElement, value: XmpValue): XmlElement {
  if (value.kind === 'list') {
    const first = value.items[0];
    if (first !== undefined) return holderOf(first.element, first.value);
  }
  const noted = element.children.find(({ uri, local }) => uri === rdf && local === 'value');
  const holder = noted ?? element;
  if (value.kind !== 'text' || holder.children.length > 0)
    throw new Error('it has a name in a form that whosin does not change');
  return holder;
}

/** Behind the last of its children, where these lines stand. */
export function append(text: string, element: XmlElement, put: string): Edit {
  const last = element.children.at(-1);
  if (last !== undefined) {
    const before = text.slice(0, last.place.start);
    const indent = /(\r?\n[ \t]*)$/.exec(before)?.[1] ?? '';
    return { start: last.place.end, end: last.place.end, text: indent + put };
  }
  const { start, open, close, end } = element.place;
  if (close === end && open === end) return { start, end, text: filled(text, element, put) };
  return { start: close, end: close, text: put };
}

/** Takes an element out, with the line that it stands on. */
export function remove(text: string, { place }: XmlElement): Edit {
  const before = text.slice(0, place.start);
  const indent = before.length - before.trimEnd().length;
  return { start: place.start - indent, end: place.end, text: '' };
}

/** The element with this inside, also if it was written as one that is empty. */
function filled(text: string, { place }: XmlElement, inside: string): string {
  const tag = text.slice(place.start, place.open);
  const name = /^<([^\s/>]+)/.exec(tag)![1]!;
  const opening = tag.endsWith('/>') ? `${tag.slice(0, -2).trimEnd()}>` : tag;
  return `${opening}${inside}</${name}>`;
}

function setAttribute(text: string, owner: XmlElement, uri: string, local: string, put: string): Edit {
  const { start, end, name } = attributeAt(text, owner, uri, local);
  return { start, end, text: `${name}="${escaped(put)}"` };
}

/** Takes a field out of its structure, whichever way it is written. */
export function withoutField(text: string, { element, owner, uri, local }: XmpProperty): Edit {
  if (element !== undefined) return remove(text, element);
  const { start, end } = attributeAt(text, owner, uri, local);
  return { start: start - 1, end, text: '' };
}

function attributeAt(
  text: string,
  owner: XmlElement,
  uri: string,
  local: string,
): { readonly start: number; readonly end: number; readonly name: string } {
  const tag = text.slice(owner.place.start, owner.place.open);
  for (const found of tag.matchAll(/(\s)([^\s=<>"'/]+)(\s*=\s*)("[^"]*"|'[^']*')/g)) {
    const [prefix, name] = found[2]!.split(':');
    if (name !== local || owner.prefixes.get(prefix!) !== uri) continue;
    const start = owner.place.start + found.index + found[1]!.length;
    return { start, end: owner.place.start + found.index + found[0].length, name: found[2]! };
  }
  throw new Error('it has a name in a form that whosin does not change');
}

/** Names with prefixes, as they hold at a place of the text; what is not declared there is declared by `declared`. */
export interface Naming {
  readonly name: (uri: string, local: string) => string;
  readonly declared: () => string;
}

/** @param usual prefixes by namespaces */
export function namingAt(element: XmlElement, usual: Readonly<Record<string, string>>): Naming {
  const needed = new Map<string, string>();
  const taken = new Map([...element.prefixes].map(([prefix, uri]) => [uri, prefix]));
  return {
    name(uri, local) {
      let prefix = taken.get(uri) || needed.get(uri);
      if (!prefix) {
        prefix = usual[uri]!;
        // Somebody else's prefix of the same letters is not taken from them.
        for (let n = 2; element.prefixes.has(prefix) || [...needed.values()].includes(prefix); n++)
          prefix = `${usual[uri]!}${n}`;
        needed.set(uri, prefix);
      }
      return `${prefix}:${local}`;
    },
    declared: () => [...needed].map(([uri, prefix]) => ` xmlns:${prefix}="${uri}"`).join(''),
  };
}
