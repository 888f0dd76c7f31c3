/** `pack.json`: files of every kind that were written before go on being read, and what makes no sense is named. */

import { describe, expect, test } from 'vitest';
import type { Pack } from '../../src/models/pack.ts';
import { readPack, writePack } from '../../src/models/pack-file.ts';
import { packFiles, sum } from './pack-files.ts';

const { picture, embedder, detector } = packFiles;
const read = (json: string): Pack => readPack(json, '/packs/x', '/packs/x/pack.json');

describe('a file of before', () => {
  test.each(Object.entries(packFiles))('of a %s is read with all that it says', (_kind, json) => {
    const { schema: _, ...fields } = JSON.parse(json) as Record<string, unknown>;
    const pack = read(json);
    // Its files are in its folder; models of pictures have a kind since there are others.
    const bare = (key: string, value: unknown): unknown => (key === 'folder' ? undefined : value);
    expect(JSON.parse(JSON.stringify(pack, bare))).toEqual({ kind: 'picture', ...fields });
    expect(JSON.stringify(pack)).toContain('"folder":"/packs/x"');
  });

  test.each(Object.entries(packFiles))(
    'of a %s is the same when it is written and read again',
    (_kind, json) => {
      expect(read(writePack(read(json)))).toEqual(read(json));
      expect(writePack(read(json))).not.toContain('/packs');
    },
  );
});

describe('what makes no sense is named by its field', () => {
  test.each<[string, string, string, string]>([
    ['another schema', picture, '"schema": 1', '"schema": 7'],
    ['a kind of the future', detector, '"kind": "face-detector"', '"kind": "hats"'],
    ['a file outside the folder', picture, '"path": "graph.pb"', '"path": "../../secret"'],
    ['a file at the root', embedder, '"path": "graph.onnx"', '"path": "/etc/passwd"'],
    ['a sum that is none', embedder, sum('c'), 'c'],
    ['a size that fills memory', picture, '"width": 8', '"width": 1e9'],
    ['a number that is none', picture, '0.00784313725490196', '1e999'],
    ['half a preparation', embedder, '"mean": [0, 0, 0]', '"mean": [0, 0]'],
    ['labels that are no text', picture, '"grün"', '7'],
    ['no labels at all', picture, '["rot", "grün", "blau"]', '[]'],
    ['a batch of nothing', detector, '"batch": "n"', '"batch": 0'],
    ['a canvas without a height', detector, ', "height": 640', ''],
    ['no licence', detector, '"licence": "MIT",', ''],
  ])('%s', (_what, json, from, to) => {
    const changed = json.replace(from, to);
    expect(changed).not.toBe(json);
    expect(() => read(changed)).toThrow(
      expect.objectContaining({
        code: 'bad-weights',
        message: expect.stringMatching(
          /^\/packs\/x\/pack\.json is damaged: its "\w+" makes no sense\. Remove the model/,
        ),
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['half a file', picture.slice(0, 100)],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '7'],
  ])('%s is no description at all', (_what, json) => {
    expect(() => read(json)).toThrow(
      expect.objectContaining({ code: 'bad-weights', message: expect.stringContaining('is damaged: ') }),
    );
  });
});
