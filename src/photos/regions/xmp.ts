/** XMP (ISO 16684-1): a packet becomes its properties, in whichever of the many ways of RDF they are written. */

import { parseXml, type XmlElement } from './xml.ts';

export const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const xml = 'http://www.w3.org/XML/1998/namespace';

export interface XmpPacket {
  /** The text that the places of elements count in. */
  readonly text: string;
  /** As `TextDecoder` calls it. */
  readonly encoding: string;
  readonly properties: readonly XmpProperty[];
  /** The `rdf:RDF` element. */
  readonly root: XmlElement;
}

export interface XmpProperty {
  readonly uri: string;
  readonly local: string;
  readonly value: XmpValue;
  /** Undefined if it is written as an attribute of its owner. */
  readonly element?: XmlElement;
  /** The node that it is a property of. */
  readonly owner: XmlElement;
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
  const { text, encoding } = decoded(bytes);
  const root = findRdf(parseXml(text.replace(/\0+$/, '')));
  if (root === undefined) throw new Error('it is XML, but no XMP');
  const properties = root.children.flatMap((node) => fieldsOf(node));
  return { text, encoding, properties, root };
}

/** UTF-8, or UTF-16 by its mark or by the zeros beside the first sign (Unicode standard, 23.8). */
function decoded(bytes: Uint8Array): { readonly text: string; readonly encoding: string } {
  const [a, b] = bytes;
  const encoding =
    (a === 0xfe && b === 0xff) || (a === 0 && b !== 0)
      ? 'utf-16be'
      : (a === 0xff && b === 0xfe) || (a !== 0 && b === 0)
        ? 'utf-16le'
        : (declaredEncoding(bytes) ?? 'utf-8');
  try {
    return { text: new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes), encoding };
  } catch (error) {
    throw new Error(`it is not text in ${encoding.toUpperCase()}`, { cause: error });
  }
}

/** `<?xml version="1.0" encoding="ISO-8859-1"?>` */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 200)).toString('latin1');
  return /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*\sencoding=["']([\w.-]+)["']/.exec(head)?.[1]?.toLowerCase();
}

/** The bytes of a text that was changed, in the encoding that it had. Throws an Error with the reason if it cannot be written in that. */
export function encodeXmp(text: string, encoding: string): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  throw new Error(`it is text in ${encoding.toUpperCase()}, which whosin does not write`);
}

/** A packet that holds nothing yet. */
export function blankXmp(): Uint8Array {
  return Buffer.from(
    `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="whosin">
 <rdf:RDF xmlns:rdf="${rdf}">
  <rdf:Description rdf:about=""/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
`,
  );
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
    .map(({ uri, local, value }) => ({
      uri,
      local,
      value: { kind: 'text', text: value } as const,
      owner: node,
    }));
  return [
    ...written,
    ...node.children.map((element) => ({
      uri: element.uri,
      local: element.local,
      value: valueOf(element),
      element,
      owner: node,
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
