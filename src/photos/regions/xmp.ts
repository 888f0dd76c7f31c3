/** XMP (ISO 16684-1): a packet becomes its properties, in whichever of the many ways of RDF they are written. */

import { parseXml, type XmlElement } from './xml.ts';

const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const xml = 'http://www.w3.org/XML/1998/namespace';

export interface XmpPacket {
  /** The text that the places of elements count in. */
  readonly text: string;
  readonly properties: readonly XmpProperty[];
  /** The `rdf:RDF` element. */
  readonly root: XmlElement;
}

export interface XmpProperty {
  readonly uri: string;
  readonly local: string;
  readonly value: XmpValue;
  /** Undefined if it is written as an attribute. */
  readonly element?: XmlElement;
}

export type XmpValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'struct'; readonly fields: readonly XmpProperty[] }
  | {
      readonly kind: 'list';
      readonly items: readonly XmpItem[];
      /** The bag or sequence. */
      readonly element: XmlElement;
    };

export interface XmpItem {
  readonly value: XmpValue;
  readonly element: XmlElement;
}

/** Far more than the names and settings of a photo take. */
export const mostXmpBytes = 16 * 2 ** 20;

/** Throws an Error with the reason if it cannot be read. */
export function parseXmp(bytes: Uint8Array): XmpPacket {
  if (bytes.length > mostXmpBytes) throw new Error(`it is too large for XMP (${bytes.length} bytes)`);
  const text = textOf(bytes);
  const root = findRdf(parseXml(text.replace(/\0+$/, '')));
  if (root === undefined) throw new Error('it is XML, but no XMP');
  const properties = root.children.flatMap((node) => fieldsOf(node));
  return { text, properties, root };
}

/** UTF-8, or UTF-16 by its mark or by the zeros beside the first sign (Unicode standard, 23.8). */
function textOf(bytes: Uint8Array): string {
  const [a, b] = bytes;
  const encoding =
    (a === 0xfe && b === 0xff) || (a === 0 && b !== 0)
      ? 'utf-16be'
      : (a === 0xff && b === 0xfe) || (a !== 0 && b === 0)
        ? 'utf-16le'
        : (declaredEncoding(bytes) ?? 'utf-8');
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new Error(`it is not text in ${encoding.toUpperCase()}`, { cause: error });
  }
}

/** `<?xml version="1.0" encoding="ISO-8859-1"?>` */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 200)).toString('latin1');
  return /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*\sencoding=["']([\w.-]+)["']/.exec(head)?.[1]?.toLowerCase();
}

function findRdf(element: XmlElement, depth = 0): XmlElement | undefined {
  if (element.uri === rdf && element.local === 'RDF') return element;
  if (depth > 2) return undefined;
  for (const child of element.children) {
    const found = findRdf(child, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** The fields of a node: those written as attributes, then its elements. */
function fieldsOf(node: XmlElement): XmpProperty[] {
  const written = node.attributes
    .filter(({ uri }) => uri !== rdf && uri !== xml && uri !== '')
    .map(({ uri, local, value }) => ({ uri, local, value: { kind: 'text', text: value } as const }));
  return [
    ...written,
    ...node.children.map((element) => ({
      uri: element.uri,
      local: element.local,
      value: valueOf(element),
      element,
    })),
  ];
}

function valueOf(element: XmlElement): XmpValue {
  const parseType = element.attributes.find(({ uri, local }) => uri === rdf && local === 'parseType')?.value;
  if (parseType === 'Resource') return unqualified(fieldsOf(element));
  if (parseType === 'Literal') return { kind: 'text', text: element.text };
  const [child] = element.children;
  if (child === undefined) {
    const fields = fieldsOf(element);
    if (fields.length > 0) return unqualified(fields);
    const resource = element.attributes.find(({ uri, local }) => uri === rdf && local === 'resource');
    return { kind: 'text', text: resource?.value ?? element.text };
  }
  if (child.uri === rdf && ['Bag', 'Seq', 'Alt'].includes(child.local)) {
    const items = child.children.map((item) => ({ value: valueOf(item), element: item }));
    return { kind: 'list', items, element: child };
  }
  return unqualified(fieldsOf(child));
}

/** A value with notes beside it, such as its language, is a structure whose `rdf:value` it is. */
function unqualified(fields: readonly XmpProperty[]): XmpValue {
  const own = fields.find(({ uri, local }) => uri === rdf && local === 'value');
  return own?.value ?? { kind: 'struct', fields };
}
