/** Programs that the type checker must refuse. `npm run types` is the test; running the file shows that it loads. */

import { expect, test } from 'vitest';
import { type Box, clip, iou, overlap, toPixels, toRatio } from '../src/core/geometry.ts';
import type { RgbImage } from '../src/core/image.ts';
import { WhosinError } from '../src/errors.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import type { NetworkSpec } from '../src/models/network.ts';

const photo = { width: 200, height: 100 };
const pixels: Box<'px'> = { left: 20, top: 10, width: 40, height: 50 };
const fractions: Box<'ratio'> = toRatio(pixels, photo);

test('a box in pixels is no box in fractions, nor the other way round', () => {
  // @ts-expect-error
  const notFractions: Box<'ratio'> = pixels;
  // @ts-expect-error
  const notPixels: Box<'px'> = fractions;
  expect([notFractions, notPixels]).toEqual([pixels, fractions]);
});

test('functions on pixels refuse fractions, and conversions refuse what is converted already', () => {
  // @ts-expect-error
  clip(fractions, photo);
  // @ts-expect-error
  toRatio(fractions, photo);
  // @ts-expect-error
  toPixels(pixels, photo);
  // @ts-expect-error
  iou(pixels, fractions);
  // @ts-expect-error
  overlap(pixels, fractions);
  expect(toPixels(fractions, photo)).toEqual(pixels);
});

test('boxes of one unit compare, in pixels and in fractions', () => {
  expect(iou(pixels, pixels)).toBe(1);
  expect(iou(fractions, fractions)).toBeCloseTo(1, 12);
});

test('a network cannot be declared without its licence, its source or the sha256 of its weights', () => {
  const { licence: _licence, ...unlicensed } = faceApiPack.detector;
  // @ts-expect-error
  const noLicence: NetworkSpec = unlicensed;
  const { source: _source, ...anonymous } = faceApiPack.detector;
  // @ts-expect-error
  const noSource: NetworkSpec = anonymous;
  const [manifest, { package: owner, path }] = faceApiPack.detector.files;
  // @ts-expect-error
  const noSha256: NetworkSpec = { ...faceApiPack.detector, files: [manifest, { package: owner, path }] };
  expect([noLicence.name, noSource.name, noSha256.name]).toEqual(Array(3).fill('face-api-detector'));
});

test('an error has one of the known codes', () => {
  // @ts-expect-error
  expect(new WhosinError('oops', 'Something broke.').message).toBe('Something broke.');
});

test('the size of a decoded picture cannot be changed', () => {
  const image: RgbImage = { width: 1, height: 1, data: new Uint8Array(3) };
  // @ts-expect-error
  image.width = 2;
  expect(image.height).toBe(1);
});
