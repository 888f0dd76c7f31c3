/** Sidecars and packets as other programs write them, made after their documentation, each with what is in it. */

import {
  bag,
  description,
  iptcRegion,
  microsoft,
  mwgAttributes,
  mwgElements,
  packet,
  rdfOf,
} from './xmp-text.ts';
import { ends } from './zoo-odd-ends.ts';

export interface Animal {
  readonly bytes: string | Uint8Array;
  /** 1 if left out. The picture is 4000 × 3000 as it is stored. */
  readonly orientation?: number;
  /** Name, type, and left, top, width, height in the upright photo. */
  readonly regions: readonly (readonly [
    string | null,
    string | null,
    readonly [number, number, number, number],
  ])[];
  /** Names of people without a place. */
  readonly people?: readonly string[];
  readonly keywords?: readonly string[];
  readonly unread?: readonly RegExp[];
}

const ann = { name: 'Ann Lee', x: 0.3, y: 0.4, w: 0.2, h: 0.3 };
const bob = { name: 'Bob', x: 0.7, y: 0.5, w: 0.1, h: 0.2 };
const annFace = ['Ann Lee', 'Face', [0.2, 0.25, 0.2, 0.3]] as const;
const bobFace = ['Bob', 'Face', [0.65, 0.4, 0.1, 0.2]] as const;
/** Where Ann's face lies in the photo turned by a quarter, as EXIF's 6 means it. */
const annTurned = ['Ann Lee', 'Face', [0.45, 0.2, 0.3, 0.2]] as const;
const both = [annFace, bobFace];
const annRectangle = '0.2, 0.25, 0.2, 0.3';

export const zoo: Readonly<Record<string, Animal>> = {
  'digiKam: MWG and Microsoft, keywords in five fields': {
    bytes: packet(
      description(mwgElements([ann, bob])),
      description(
        microsoft([
          [ann.name, annRectangle],
          [bob.name, '0.65, 0.4, 0.1, 0.2'],
        ]),
      ),
      description(bag('digiKam:TagsList', ['People/Ann Lee', 'People/Bob', 'Places/Rome'], 'Seq')),
      description(bag('lr:hierarchicalSubject', ['People|Ann Lee', 'People|Bob', 'Places|Rome'])),
      description(bag('MicrosoftPhoto:LastKeywordXMP', ['People/Ann Lee', 'People/Bob', 'Places/Rome'])),
      description(bag('mediapro:CatalogSets', ['People|Ann Lee', 'People|Bob', 'Places|Rome'])),
      description(bag('dc:subject', ['Ann Lee', 'Bob', 'Rome'])),
    ),
    regions: both,
    people: ['Ann Lee', 'Bob'],
    keywords: ['Rome'],
  },
  'digiKam in German: the branch of people is called Personen': {
    bytes: packet(description(bag('digiKam:TagsList', ['Personen/Familie/Zoë'], 'Seq'))),
    regions: [],
    people: ['Zoë'],
  },
  'Lightroom Classic: attributes, with its place in keywords': {
    bytes: packet(
      description(
        `${mwgAttributes([ann, bob])}\n${bag('dc:subject', ['Ann Lee', 'beach'])}`,
        'tiff:Orientation="1"',
      ),
    ),
    regions: both,
    keywords: ['Ann Lee', 'beach'],
  },
  'Lightroom Classic, turned: places are those of the stored picture': {
    bytes: packet(description(mwgAttributes([ann]), 'tiff:Orientation="6"')),
    orientation: 6,
    regions: [annTurned],
  },
  'Picasa 3.9, in the file': {
    bytes: packet(
      description(
        mwgElements(
          [ann],
          '<mwg-rs:AppliedToDimensions rdf:parseType="Resource"><stDim:w>4000</stDim:w><stDim:h>3000</stDim:h><stDim:unit>pixel</stDim:unit></mwg-rs:AppliedToDimensions>',
        ),
      ),
    ),
    regions: [annFace],
  },
  'ExifTool, without its frame': { bytes: rdfOf(description(mwgElements([ann, bob]))), regions: both },
  'Windows Live Photo Gallery': {
    bytes: packet(
      description(
        microsoft([
          [ann.name, annRectangle],
          [bob.name, '0.65, 0.4, 0.1, 0.2'],
        ]),
      ),
    ),
    regions: both,
  },
  'Windows Live Photo Gallery, turned': {
    bytes: packet(description(microsoft([[ann.name, annRectangle]]))),
    orientation: 6,
    regions: [annTurned],
  },
  'Windows Live Photo Gallery: somebody without a place': {
    bytes: packet(
      description(
        microsoft([
          [ann.name, annRectangle],
          ['Cem', null],
        ]),
      ),
    ),
    regions: [annFace],
    people: ['Cem'],
  },
  'Windows Live Photo Gallery where a comma is a point': {
    bytes: packet(description(microsoft([[ann.name, '0,2, 0,25, 0,2, 0,3']]))),
    regions: [annFace],
  },
  'Microsoft beside MWG in a turned photo: MWG is believed': {
    bytes: packet(
      description(mwgElements([ann])),
      description(
        microsoft([
          [ann.name, '0.45, 0.2, 0.3, 0.2'],
          ['Eve', '0.1, 0.1, 0.1, 0.1'],
        ]),
      ),
    ),
    orientation: 6,
    regions: [annTurned],
  },
  'Microsoft beside MWG in an upright photo: what only one has is there too': {
    bytes: packet(
      description(mwgElements([ann])),
      description(microsoft([[bob.name, '0.65, 0.4, 0.1, 0.2']])),
    ),
    regions: both,
  },
  'a face that only one of two forms names': {
    bytes: packet(
      description(mwgElements([{ ...ann, name: '' }])),
      description(microsoft([[ann.name, '0.21, 0.26, 0.2, 0.3']])),
    ),
    regions: [annFace],
  },
  'an iPhone: a face without a name, its angles, and where it was focused': {
    bytes: packet(
      description(
        mwgElements([
          { x: 0.3, y: 0.4, w: 0.2, h: 0.3 },
          { type: 'Focus', x: 0.5, y: 0.5, w: 0.4, h: 0.4 },
        ]).replace(
          '<mwg-rs:Type>Face',
          '<mwg-rs:Extensions rdf:parseType="Resource"><apple-fi:AngleInfoRoll>270</apple-fi:AngleInfoRoll><apple-fi:FaceID>3</apple-fi:FaceID></mwg-rs:Extensions><mwg-rs:Type>Face',
        ),
      ),
    ),
    regions: [
      [null, 'Face', [0.2, 0.25, 0.2, 0.3]],
      [null, 'Focus', [0.3, 0.3, 0.4, 0.4]],
    ],
  },
  'a dog and a bar code: they are no people': {
    bytes: packet(
      description(
        mwgElements([
          { ...ann, name: 'Rex', type: 'Pet' },
          { ...bob, name: '4006381', type: 'BarCode' },
        ]),
      ),
    ),
    regions: [
      ['Rex', 'Pet', [0.2, 0.25, 0.2, 0.3]],
      ['4006381', 'BarCode', [0.65, 0.4, 0.1, 0.2]],
    ],
  },
  'a region without a type: nobody knows whether it is a face': {
    bytes: packet(description(mwgElements([ann]).replace('<mwg-rs:Type>Face</mwg-rs:Type>', ''))),
    regions: [['Ann Lee', null, [0.2, 0.25, 0.2, 0.3]]],
  },
  'Tag That Photo: a dozen faces': {
    bytes: packet(
      description(
        mwgElements(
          Array.from({ length: 12 }, (_, i) => ({
            name: `P${i}`,
            x: 0.05 + i * 0.08,
            y: 0.5,
            w: 0.06,
            h: 0.1,
          })),
        ),
      ),
    ),
    regions: Array.from(
      { length: 12 },
      (_, i) => [`P${i}`, 'Face', [0.02 + i * 0.08, 0.45, 0.06, 0.1]] as const,
    ),
  },
  'IPTC: a person in a rectangle': {
    bytes: packet(
      description(
        iptcRegion(
          { rbShape: 'rectangle', rbUnit: 'relative', rbX: 0.2, rbY: 0.25, rbW: 0.2, rbH: 0.3 },
          bag('Iptc4xmpExt:PersonInImage', ['Ann Lee']),
        ),
      ),
    ),
    regions: [['Ann Lee', 'Person', [0.2, 0.25, 0.2, 0.3]]],
  },
  'IPTC: a face in a circle of pixels': {
    bytes: packet(
      description(
        iptcRegion(
          { rbShape: 'circle', rbUnit: 'pixel', rbX: 2000, rbY: 1500, rbRx: 300 },
          '<Iptc4xmpExt:Name><rdf:Alt><rdf:li xml:lang="x-default">Ann Lee</rdf:li></rdf:Alt></Iptc4xmpExt:Name><Iptc4xmpExt:rCtype><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:Name><rdf:Alt><rdf:li xml:lang="x-default">Face</rdf:li></rdf:Alt></Iptc4xmpExt:Name></rdf:li></rdf:Bag></Iptc4xmpExt:rCtype>',
        ),
      ),
    ),
    regions: [['Ann Lee', 'Face', [0.425, 0.4, 0.15, 0.2]]],
  },
  'IPTC: a polygon around a product': {
    bytes: packet(
      description(
        iptcRegion(
          {
            rbShape: 'polygon',
            rbUnit: 'relative',
            rbVertices:
              '<rdf:Seq><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:rbX>0.1</Iptc4xmpExt:rbX><Iptc4xmpExt:rbY>0.2</Iptc4xmpExt:rbY></rdf:li><rdf:li Iptc4xmpExt:rbX="0.4" Iptc4xmpExt:rbY="0.3"/><rdf:li Iptc4xmpExt:rbX="0.2" Iptc4xmpExt:rbY="0.9"/></rdf:Seq>',
          },
          '<Iptc4xmpExt:rCtype><rdf:Bag><rdf:li rdf:parseType="Resource"><xmp:Identifier><rdf:Bag><rdf:li>http://cv.iptc.org/newscodes/imageregiontype/product</rdf:li></rdf:Bag></xmp:Identifier></rdf:li></rdf:Bag></Iptc4xmpExt:rCtype>',
        ),
      ),
    ),
    regions: [[null, 'product', [0.1, 0.2, 0.3, 0.7]]],
  },
  'Photo Mechanic: people without places': {
    bytes: packet(description(bag('Iptc4xmpExt:PersonInImage', ['Ann Lee', 'Bob']))),
    regions: [],
    people: ['Ann Lee', 'Bob'],
  },
  'Adobe Bridge: a person with details': {
    bytes: packet(
      description(
        '<Iptc4xmpExt:PersonInImageWDetails><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:PersonName><rdf:Alt><rdf:li xml:lang="x-default">Ann Lee</rdf:li><rdf:li xml:lang="de">Anna</rdf:li></rdf:Alt></Iptc4xmpExt:PersonName></rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImageWDetails>',
      ),
    ),
    regions: [],
    people: ['Ann Lee'],
  },
  'Immich: keywords and a description in a sidecar': {
    bytes: packet(
      description(
        `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">At the sea</rdf:li></rdf:Alt></dc:description>${bag('digiKam:TagsList', ['People/Ann Lee'], 'Seq')}`,
      ),
    ),
    regions: [],
    people: ['Ann Lee'],
  },
  'darktable: a history of development and keywords': {
    bytes: packet(
      description(
        `<darktable:history><rdf:Seq><rdf:li darktable:num="0" darktable:operation="exposure" darktable:params="0000"/></rdf:Seq></darktable:history>${bag('lr:hierarchicalSubject', ['people|Bob', 'darktable|format|jpg'])}`,
        'darktable:xmp_version="5"',
      ),
    ),
    regions: [],
    people: ['Bob'],
    keywords: ['jpg'],
  },
  'Capture One: a keyword of one step': {
    bytes: packet(description(bag('lr:hierarchicalSubject', ['sunset']))),
    regions: [],
    keywords: ['sunset'],
  },
  'ACDSee: a form that whosin does not read': {
    bytes: packet(
      description(
        '<acdsee-rs:Regions rdf:parseType="Resource"><acdsee-rs:RegionList><rdf:Bag/></acdsee-rs:RegionList></acdsee-rs:Regions>',
      ),
    ),
    regions: [],
    unread: [/ACDSee/],
  },
  ...ends,
};
