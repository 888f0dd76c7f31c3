/** The odd ends of the zoo: rare ways of writing, mistakes of programs, damage, and files that mean harm. */

import { description, microsoft, mwgElements, packet } from './xmp-text.ts';
import type { Animal } from './zoo.ts';

const ann = { name: 'Ann Lee', x: 0.3, y: 0.4, w: 0.2, h: 0.3 };
const annFace = ['Ann Lee', 'Face', [0.2, 0.25, 0.2, 0.3]] as const;
const plain = packet(description(mwgElements([ann])));

const area = (fields: string, dimensions = ''): string =>
  packet(
    description(
      `<mwg-rs:Regions rdf:parseType="Resource">${dimensions}<mwg-rs:RegionList><rdf:Bag><rdf:li rdf:parseType="Resource"><mwg-rs:Name>Ann Lee</mwg-rs:Name><mwg-rs:Type>Face</mwg-rs:Type><mwg-rs:Area ${fields}/></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>`,
    ),
  );

const utf16 = (text: string, big: boolean): Uint8Array => {
  const bytes = Buffer.from(text, 'utf16le');
  return big ? bytes.swap16() : bytes;
};

const doctype = (entities: string, name: string): string =>
  `<?xml version="1.0"?>\n<!DOCTYPE x [${entities}]>\n${plain.replace(/<\?xpacket[^>]*\?>/g, '').replace('Ann Lee', name)}`;

const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');

export const ends: Readonly<Record<string, Animal>> = {
  'pixels of a smaller copy': {
    bytes: area(
      'stArea:x="300" stArea:y="300" stArea:w="200" stArea:h="225" stArea:unit="pixel"',
      '<mwg-rs:AppliedToDimensions stDim:w="1000" stDim:h="750" stDim:unit="pixel"/>',
    ),
    regions: [annFace],
  },
  'pixels of the photo itself': {
    bytes: area('stArea:x="1200" stArea:y="1200" stArea:w="800" stArea:h="900" stArea:unit="pixel"'),
    regions: [annFace],
  },
  'a circle': {
    bytes: area('stArea:x="0.5" stArea:y="0.5" stArea:d="0.2" stArea:unit="normalized"'),
    regions: [['Ann Lee', 'Face', [0.425, 0.4, 0.15, 0.2]]],
  },
  'numbers with a comma': {
    bytes: area('stArea:x="0,3" stArea:y="0,4" stArea:w="0,2" stArea:h="0,3" stArea:unit="normalized"'),
    regions: [annFace],
  },
  'a point, which shows no face': {
    bytes: area('stArea:x="0.5" stArea:y="0.5" stArea:unit="normalized"'),
    regions: [],
    unread: [/"Ann Lee" makes no sense/],
  },
  'a face at the edge: the part in the photo counts': {
    bytes: area('stArea:x="0" stArea:y="0.4" stArea:w="0.2" stArea:h="0.3" stArea:unit="normalized"'),
    regions: [['Ann Lee', 'Face', [0, 0.25, 0.1, 0.3]]],
  },
  'a face outside of the photo': {
    bytes: area('stArea:x="1.5" stArea:y="0.4" stArea:w="0.2" stArea:h="0.3" stArea:unit="normalized"'),
    regions: [],
    unread: [/"Ann Lee" lies outside of the photo/],
  },
  'a face without a size': {
    bytes: area('stArea:x="0.5" stArea:y="0.4" stArea:w="0" stArea:h="0" stArea:unit="normalized"'),
    regions: [],
    unread: [/has no size/],
  },
  'numbers that are none': {
    bytes: area('stArea:x="nan" stArea:y="0.4" stArea:w="0.2" stArea:h="0.3" stArea:unit="normalized"'),
    regions: [],
    unread: [/makes no sense/],
  },
  'no area': {
    bytes: area('').replace(/<mwg-rs:Area \/>/, ''),
    regions: [],
    unread: [/"Ann Lee" has no area/],
  },
  'a list of no regions': { bytes: packet(description(mwgElements([]))), regions: [] },
  'an empty name': {
    bytes: packet(description(mwgElements([{ ...ann, name: '  ' }]))),
    regions: [[null, 'Face', [0.2, 0.25, 0.2, 0.3]]],
  },
  'a name in several languages': {
    bytes: packet(
      description(
        mwgElements([
          {
            ...ann,
            name: '<rdf:Alt><rdf:li xml:lang="x-default">Ann Lee</rdf:li><rdf:li xml:lang="fr">Anne</rdf:li></rdf:Alt>',
          },
        ]),
      ),
    ),
    regions: [annFace],
  },
  'signs that XML writes out, and letters of the world': {
    bytes: packet(
      description(
        mwgElements([{ ...ann, name: '&quot;Zo&#xEB;&quot; &amp; D&apos;Ärcy 王芳 مريم 👩‍🚀 &lt;3' }]),
      ),
    ),
    regions: [['"Zoë" & D\'Ärcy 王芳 مريم 👩‍🚀 <3', 'Face', [0.2, 0.25, 0.2, 0.3]]],
  },
  'UTF-16, small end first': { bytes: utf16(`\uFEFF${plain}`, false), regions: [annFace] },
  'UTF-16, big end first, without a mark': { bytes: utf16(plain, true), regions: [annFace] },
  'Latin-1, as it declares': {
    bytes: Buffer.from(
      `<?xml version="1.0" encoding="ISO-8859-1"?>\n${packet(description(mwgElements([{ ...ann, name: 'Zoë' }]))).replace('\uFEFF', '')}`,
      'latin1',
    ),
    regions: [['Zoë', 'Face', [0.2, 0.25, 0.2, 0.3]]],
  },
  'the frame of old programs': {
    bytes: plain.replaceAll('x:xmpmeta', 'x:xapmeta').replaceAll('"', "'"),
    regions: [annFace],
  },
  'comments, CDATA and instructions in between': {
    bytes: plain
      .replace('<mwg-rs:Name>Ann Lee', '<!-- her --><mwg-rs:Name><![CDATA[Ann Lee]]>')
      .replace('<mwg-rs:RegionList>', '<?editor was="here"?><mwg-rs:RegionList>'),
    regions: [annFace],
  },
  'other prefixes for the same namespaces': {
    bytes: plain
      .replaceAll('mwg-rs', 'ns1')
      .replaceAll('stArea', 'ns2')
      .replaceAll('rdf:', 'r:')
      .replace('xmlns:rdf', 'xmlns:r'),
    regions: [annFace],
  },
  'a sequence instead of a bag, and a list of one without either': {
    bytes: plain.replaceAll('rdf:Bag', 'rdf:Seq'),
    regions: [annFace],
  },
  'a name with its language noted beside it': {
    bytes: plain.replace(
      '<mwg-rs:Name>Ann Lee</mwg-rs:Name>',
      '<mwg-rs:Name rdf:parseType="Resource"><rdf:value>Ann Lee</rdf:value><xmp:by xmlns:xmp="http://ns.adobe.com/xap/1.0/">x</xmp:by></mwg-rs:Name>',
    ),
    regions: [annFace],
  },
  'zeros behind the packet': { bytes: Buffer.from(`${plain}\0\0\0`), regions: [annFace] },
  'four numbers too few': {
    bytes: packet(description(microsoft([['Ann Lee', '0.1, 0.2, 0.3']]))),
    regions: [],
    unread: [/"Ann Lee" makes no sense/],
  },
  'cut off': { bytes: plain.slice(0, 700), regions: [], unread: [/XML is damaged/] },
  empty: { bytes: '', regions: [], unread: [/XML is damaged|no XML/] },
  'a page of the web': {
    bytes: '<html><body><p>Not found</p></body></html>',
    regions: [],
    unread: [/XML, but no XMP/],
  },
  'no text': {
    bytes: Uint8Array.from({ length: 300 }, (_, i) => 255 - (i % 100)),
    regions: [],
    unread: [/not text/],
  },
  'letters that are no UTF-8': {
    bytes: Buffer.from(plain.replace('Ann', 'Ann\u00e9').replace('\uFEFF', ''), 'latin1'),
    regions: [],
    unread: [/not text in UTF-8/],
  },
  'a prefix that nobody declared': {
    bytes: plain.replace('<mwg-rs:Name>', '<who:Name/><mwg-rs:Name>'),
    regions: [],
    unread: [/XML is damaged/],
  },
  'an entity that grows to ten thousand million signs': {
    bytes: doctype(`<!ENTITY l0 "lol">${lol}`, '&l9;'),
    regions: [],
    unread: [/document type/],
  },
  'an entity that is a file of this machine': {
    bytes: doctype('<!ENTITY f SYSTEM "file:///etc/passwd">', '&f;'),
    regions: [],
    unread: [/document type/],
  },
  'a hundred thousand elements inside one another': {
    bytes: '<a>'.repeat(100_000),
    regions: [],
    unread: [/nested more than/],
  },
  'a million elements beside one another': {
    bytes: `<a>${'<b/>'.repeat(1_000_000)}</a>`,
    regions: [],
    unread: [/more than 200000 elements/],
  },
  'larger than any XMP': { bytes: Buffer.alloc(17 * 2 ** 20, 0x20), regions: [], unread: [/too large/] },
};
