import { describe, expect, test } from 'vitest';
import { parseXml, type XmlElement } from '../../../src/photos/regions/xml.ts';

const text =
  '\uFEFF<?xml version="1.0"?>\r\n<a xmlns="u:a" xmlns:p="u:p" x="1 &gt; 0">\r\n  <!-- <b> --><p:b p:y=\'<>\'.>\n'.replace(
    "'<>'.",
    "'&lt;>'",
  ) + '<![CDATA[</p:b>]]>👩‍🚀<c/></p:b><c\n xmlns=""  /></a>';

const all = (element: XmlElement): XmlElement[] => [element, ...element.children.flatMap(all)];

describe('an XML text as a tree', () => {
  const [a, b, inner, outer] = all(parseXml(text)) as [XmlElement, XmlElement, XmlElement, XmlElement];

  test('knows where each element begins and ends, whatever stands between', () => {
    const cut = ({ place }: XmlElement): string => text.slice(place.start, place.end);
    expect(cut(a)).toMatch(/^<a xmlns="u:a"[\s\S]*<\/a>$/);
    expect(cut(b)).toMatch(/^<p:b p:y=[\s\S]*<c\/><\/p:b>$/);
    expect([inner, outer].map(cut)).toEqual(['<c/>', '<c\n xmlns=""  />']);
    expect(text.slice(b.place.open, b.place.close)).toBe('\n<![CDATA[</p:b>]]>👩‍🚀<c/>');
    expect(text.slice(a.place.close, a.place.end)).toBe('</a>');
    expect(inner.place.close).toBe(inner.place.end);
  });

  test('knows namespaces by their address, and which prefixes hold where', () => {
    expect([a, b, inner, outer].map(({ uri, local }) => [uri, local])).toEqual([
      ['u:a', 'a'],
      ['u:p', 'b'],
      ['u:a', 'c'],
      ['', 'c'],
    ]);
    expect([...b.prefixes]).toEqual([
      ['', 'u:a'],
      ['p', 'u:p'],
    ]);
    expect(b.attributes).toEqual([{ uri: 'u:p', local: 'y', value: '<>' }]);
    expect(outer.prefixes.get('')).toBe('');
  });
});
