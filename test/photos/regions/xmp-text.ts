/** XMP as other programs lay it out, in text. */

const namespaces = {
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  'mwg-rs': 'http://www.metadataworkinggroup.com/schemas/regions/',
  stArea: 'http://ns.adobe.com/xmp/sType/Area#',
  stDim: 'http://ns.adobe.com/xap/1.0/sType/Dimensions#',
  MP: 'http://ns.microsoft.com/photo/1.2/',
  MPRI: 'http://ns.microsoft.com/photo/1.2/t/RegionInfo#',
  MPReg: 'http://ns.microsoft.com/photo/1.2/t/Region#',
  MicrosoftPhoto: 'http://ns.microsoft.com/photo/1.0/',
  Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
  dc: 'http://purl.org/dc/elements/1.1/',
  lr: 'http://ns.adobe.com/lightroom/1.0/',
  digiKam: 'http://www.digikam.org/ns/1.0/',
  mediapro: 'http://ns.iview-multimedia.com/mediapro/1.0/',
  tiff: 'http://ns.adobe.com/tiff/1.0/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  darktable: 'http://darktable.sf.net/',
  'apple-fi': 'http://ns.apple.com/faceinfo/1.0/',
  'acdsee-rs': 'http://ns.acdsee.com/regions/',
} as const;

/** Only those that the text uses, as programs do. */
function declared(text: string): string {
  const used = Object.entries(namespaces).filter(
    ([prefix]) => text.includes(`${prefix}:`) && prefix !== 'rdf',
  );
  return used.map(([prefix, uri]) => `\n   xmlns:${prefix}="${uri}"`).join('');
}

/** One `rdf:Description`. @param attributes properties written as such */
export function description(inside: string, attributes = ''): string {
  return `  <rdf:Description rdf:about=""${declared(inside + attributes)}${attributes === '' ? '' : `\n   ${attributes}`}>\n${inside}\n  </rdf:Description>`;
}

export function rdfOf(...descriptions: readonly string[]): string {
  return ` <rdf:RDF xmlns:rdf="${namespaces.rdf}">\n${descriptions.join('\n')}\n </rdf:RDF>`;
}

/** The whole packet, as Adobe's library frames it. */
export function packet(...descriptions: readonly string[]): string {
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Made for a test">\n${rdfOf(...descriptions)}\n</x:xmpmeta>\n${' '.repeat(100)}\n<?xpacket end="w"?>`;
}

export interface AreaText {
  readonly name?: string;
  readonly type?: string;
  /** The middle, and the sides. */
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** MWG regions in elements, as ExifTool and digiKam write them. */
export function mwgElements(areas: readonly AreaText[], dimensions = ''): string {
  const items = areas.map(
    ({ name, type = 'Face', x, y, w, h }) => `<rdf:li rdf:parseType="Resource">
      <mwg-rs:Area rdf:parseType="Resource">
       <stArea:h>${h}</stArea:h><stArea:unit>normalized</stArea:unit><stArea:w>${w}</stArea:w>
       <stArea:x>${x}</stArea:x><stArea:y>${y}</stArea:y>
      </mwg-rs:Area>${name === undefined ? '' : `\n      <mwg-rs:Name>${name}</mwg-rs:Name>`}
      <mwg-rs:Type>${type}</mwg-rs:Type>
     </rdf:li>`,
  );
  return `   <mwg-rs:Regions rdf:parseType="Resource">${dimensions}
    <mwg-rs:RegionList><rdf:Bag>
     ${items.join('\n     ')}
    </rdf:Bag></mwg-rs:RegionList>
   </mwg-rs:Regions>`;
}

/** MWG regions in attributes, as Lightroom writes them. */
export function mwgAttributes(areas: readonly AreaText[], more = ''): string {
  const items = areas.map(
    ({ name, type = 'Face', x, y, w, h }) => `<rdf:li>
      <rdf:Description${name === undefined ? '' : ` mwg-rs:Name="${name}"`} mwg-rs:Rotation="0.00000" mwg-rs:Type="${type}">
       <mwg-rs:Area stArea:h="${h}" stArea:w="${w}" stArea:x="${x}" stArea:y="${y}" stArea:unit="normalized"/>${more}
      </rdf:Description>
     </rdf:li>`,
  );
  return `   <mwg-rs:Regions rdf:parseType="Resource">
    <mwg-rs:AppliedToDimensions stDim:w="4000" stDim:h="3000" stDim:unit="pixel"/>
    <mwg-rs:RegionList><rdf:Bag>
     ${items.join('\n     ')}
    </rdf:Bag></mwg-rs:RegionList>
   </mwg-rs:Regions>`;
}

/** Microsoft's regions, as Windows Live Photo Gallery writes them. @param people names with their rectangles */
export function microsoft(people: readonly (readonly [name: string, rectangle: string | null])[]): string {
  const items = people.map(
    ([name, rectangle]) =>
      `<rdf:li><rdf:Description${rectangle === null ? '' : ` MPReg:Rectangle="${rectangle}"`} MPReg:PersonDisplayName="${name}"/></rdf:li>`,
  );
  return `   <MP:RegionInfo>
    <rdf:Description>
     <MPRI:Regions><rdf:Bag>${items.join('')}</rdf:Bag></MPRI:Regions>
    </rdf:Description>
   </MP:RegionInfo>`;
}

/** A region of IPTC. @param more its other fields */
export function iptcRegion(boundary: Readonly<Record<string, string | number>>, more: string): string {
  const fields = Object.entries(boundary).map(
    ([name, value]) => `<Iptc4xmpExt:${name}>${value}</Iptc4xmpExt:${name}>`,
  );
  return `   <Iptc4xmpExt:ImageRegion><rdf:Bag><rdf:li rdf:parseType="Resource">
     <Iptc4xmpExt:RegionBoundary rdf:parseType="Resource">${fields.join('')}</Iptc4xmpExt:RegionBoundary>
     ${more}
   </rdf:li></rdf:Bag></Iptc4xmpExt:ImageRegion>`;
}

/** A property with several values. */
export function bag(name: string, values: readonly string[], kind = 'Bag'): string {
  return `   <${name}><rdf:${kind}>${values.map((value) => `<rdf:li>${value}</rdf:li>`).join('')}</rdf:${kind}></${name}>`;
}
