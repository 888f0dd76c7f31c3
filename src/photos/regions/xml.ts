/** An XML text as a tree that knows where in the text each of its elements stands. Bounded: metadata come from anywhere. */

import { SaxesParser, type SaxesTagNS } from 'saxes';

export interface XmlElement {
  /** The namespace. */
  readonly uri: string;
  readonly local: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** All text directly in it. */
  readonly text: string;
  readonly place: XmlPlace;
  /** Namespaces by their prefixes, as they hold inside. */
  readonly prefixes: ReadonlyMap<string, string>;
}

export interface XmlAttribute {
  readonly uri: string;
  readonly local: string;
  readonly value: string;
}

/** Offsets into the text. */
export interface XmlPlace {
  readonly start: number;
  /** Behind the start tag. */
  readonly open: number;
  /** Before the end tag; `open` if there is none. */
  readonly close: number;
  readonly end: number;
}

/** XMP of editors nests a dozen elements deep. */
const mostDepth = 100;

/** Photos of an editor with a long history have some ten thousand. */
const mostElements = 200_000;

const xmlns = 'http://www.w3.org/2000/xmlns/';

interface OpenElement {
  uri: string;
  local: string;
  attributes: XmlAttribute[];
  children: XmlElement[];
  text: string;
  place: { start: number; open: number; close: number; end: number };
  prefixes: ReadonlyMap<string, string>;
}

/** Throws an Error with the reason if the text is not well-formed, declares entities, or is too deep or large to be metadata. */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let start = 0;
  parser.on('error', (error) => {
    throw new Error(`its XML is damaged (${error.message})`);
  });
  // Entities may multiply into gigabytes, or stand for files of this machine; XMP has no use for them.
  parser.on('doctype', () => {
    throw new Error('it declares a document type, which XMP never has');
  });
  parser.on('opentagstart', () => {
    start = text.lastIndexOf('<', parser.position - 1);
  });
  parser.on('opentag', (tag) => {
    elements++;
    if (elements > mostElements) throw new Error(`it has more than ${mostElements} elements`);
    if (open.length >= mostDepth) throw new Error(`it is nested more than ${mostDepth} deep`);
    open.push(opened(tag, start, parser.position, open.at(-1)));
  });
  const addText = (more: string): void => {
    const element = open.at(-1);
    if (element) element.text += more;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', (tag) => {
    const element = open.pop()!;
    const end = parser.position;
    element.place.end = end;
    element.place.close = tag.isSelfClosing ? end : text.lastIndexOf('</', end - 1);
    const above = open.at(-1);
    if (above) above.children.push(element);
    else root = element;
  });
  parser.write(text).close();
  if (root === undefined) throw new Error('it holds no XML');
  return root;
}

function opened(tag: SaxesTagNS, start: number, open: number, above: OpenElement | undefined): OpenElement {
  const own = Object.values(tag.attributes);
  const declared = own.filter(({ uri }) => uri === xmlns);
  const outside = above?.prefixes ?? new Map<string, string>();
  return {
    uri: tag.uri,
    local: tag.local,
    attributes: own
      .filter(({ uri }) => uri !== xmlns)
      .map(({ uri, local, value }) => ({ uri, local, value })),
    children: [],
    text: '',
    place: { start, open, close: open, end: open },
    prefixes:
      declared.length === 0
        ? outside
        : new Map([
            ...outside,
            ...declared.map(({ prefix, local, value }) => [prefix === '' ? '' : local, value] as const),
          ]),
  };
}
