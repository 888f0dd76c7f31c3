/** The format of a file, by its first bytes. */

import { heifBrands } from './heif.ts';

/** The formats of people's cameras, phones, scanners and the web. */
export type PhotoFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'tiff' | 'bmp' | 'heif';

interface Signature<Name> {
  readonly name: Name;
  /** Bytes in hexadecimal; a dot is any digit. */
  readonly begins: string;
}

const photos: readonly Signature<PhotoFormat>[] = [
  { name: 'jpeg', begins: 'ffd8ff' },
  { name: 'png', begins: '89504e470d0a1a0a' },
  { name: 'gif', begins: '474946383.61' },
  { name: 'webp', begins: '52494646........57454250' },
  { name: 'tiff', begins: '49492a00' },
  { name: 'tiff', begins: '4d4d002a' },
  // BigTIFF
  { name: 'tiff', begins: '49492b00' },
  { name: 'tiff', begins: '4d4d002b' },
  // The four bytes between are reserved, and 0.
  { name: 'bmp', begins: '424d........00000000' },
];

/** Pictures that whosin does not read, in words that read on from "is". */
const others: readonly Signature<string>[] = [
  { name: 'a JPEG 2000 picture', begins: '0000000c6a502020' },
  { name: 'a JPEG 2000 picture', begins: 'ff4fff51' },
  { name: 'a JPEG XL picture', begins: 'ff0a' },
  { name: 'a JPEG XL picture', begins: '0000000c4a584c20' },
  { name: 'a Photoshop document', begins: '38425053' },
  { name: "a camera's raw file", begins: '49492a00........4352' },
  { name: "a camera's raw file", begins: '........6674797063727820' },
  { name: "a camera's raw file", begins: '46554a4946494c4d4343442d524157' },
  { name: "a camera's raw file", begins: '4949524f' },
  { name: "a camera's raw file", begins: '49495500' },
  { name: 'a PDF document', begins: '255044462d' },
  { name: 'an icon', begins: '00000100' },
];

/** @returns a photo's format, or what else the file is in words, or nothing if it is no known picture */
export function formatOf(
  bytes: Uint8Array,
): { readonly photo: PhotoFormat } | { readonly other: string } | undefined {
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16)).toString('hex');
  const find = <Name>(all: readonly Signature<Name>[]): Name | undefined =>
    all.find(({ begins }) => new RegExp(`^${begins}`).test(digits))?.name;
  const other = find(others);
  if (other !== undefined) return { other };
  const photo = find(photos) ?? (heifBrands(bytes) ? 'heif' : undefined);
  if (photo !== undefined) return { photo };
  return isSvg(bytes) ? { other: 'an SVG drawing' } : undefined;
}

function isSvg(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1000)).toString('latin1');
  return /^\s*(<\?xml[^]*?\?>)?\s*(<!--[^]*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg\b/.test(text);
}
