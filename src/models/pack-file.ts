/**
 * A pack as a file, `pack.json` in its own folder. People may edit it, to name labels in their own language say,
 * so nothing in it is believed before it is used.
 */

import * as v from 'valibot';
import { reasonOf, WhosinError } from '../errors.ts';
import type { Ground } from './graph/picture-parts.ts';
import type { Pack } from './pack.ts';
import { pictureFormats } from './picture-pack.ts';

/** Raised where a file of this version could not be read by an earlier one. */
const schema = 1;

/** `pack.json` as text, without the folder: it is the one that holds the file. */
export function writePack(pack: Pack): string {
  const kept = (key: string, value: unknown): unknown => (key === 'folder' ? undefined : value);
  return `${JSON.stringify({ schema, ...pack }, kept, 1)}\n`;
}

/**
 * @param folder the folder of the file, which its paths are below
 * @param file the path of the file, for messages
 * @throws WhosinError `bad-weights` naming the field that makes no sense
 */
export function readPack(json: string, folder: string, file: string): Pack {
  const bad = (what: string, cause?: unknown): WhosinError =>
    new WhosinError(
      'bad-weights',
      `${file} is damaged: ${what}. Remove the model (whosin models remove), and pull or add it again.`,
      { cause },
    );
  let fields: unknown;
  try {
    fields = JSON.parse(json);
  } catch (error) {
    throw bad(reasonOf(error), error);
  }
  // Models of pictures were the first, and have been written without a kind.
  const withKind = typeof fields === 'object' ? { kind: 'picture', ...fields } : fields;
  const { success, output, issues } = v.safeParse(packIn(folder), withKind);
  if (success) return output;
  const [field] = issues[0].path ?? [];
  throw bad(
    field === undefined ? 'it is no description of a model' : `its "${String(field.key)}" makes no sense`,
  );
}

const number = v.pipe(v.number(), v.finite());
const triple = v.tuple([number, number, number]);
const texts = v.pipe(v.array(v.string()), v.minLength(1));
const preparation = v.object({
  mean: triple,
  scale: v.union([number, triple]),
  order: v.exactOptional(v.picklist(['rgb', 'bgr'])),
});

function countTo(most: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));
}

const ground = v.custom<Ground>(
  (value) => typeof value === 'string' && /^(given|file|metadata|guess|family .+)$/.test(value),
);

/** Larger than any network takes, smaller than what would fill memory. */
const side = countTo(4096);
const batch = v.union([v.literal('n'), countTo(10_000)]);

/** Below the pack's own folder, on every system. */
function isInside(path: string): boolean {
  return path.split('/').every((part) => part !== '' && !/^\.+$|[\\:\0]/.test(part));
}

function packIn(folder: string) {
  const file = v.pipe(
    v.object({
      path: v.pipe(v.string(), v.check(isInside)),
      sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    }),
    v.transform((named) => ({ folder, ...named })),
  );
  const about = { schema: v.literal(schema), name: v.string(), licence: v.string(), source: v.string() };
  return v.pipe(
    v.variant('kind', [
      v.object({
        ...about,
        kind: v.literal('picture'),
        graph: v.object({
          format: v.picklist(pictureFormats),
          files: v.pipe(v.array(file), v.minLength(1)),
        }),
        input: v.object({
          node: v.string(),
          width: side,
          height: side,
          preparation,
          resize: v.picklist(['bilinear', 'lanczos']),
          crop: v.exactOptional(v.literal('centre')),
        }),
        bottleneck: v.exactOptional(v.object({ nodes: texts, size: countTo(1e6) })),
        scores: v.exactOptional(
          v.object({ node: v.string(), labels: texts, logits: v.exactOptional(v.literal(true)) }),
        ),
        grounds: v.exactOptional(
          v.object({
            size: ground,
            range: ground,
            crop: v.exactOptional(ground),
            labels: v.exactOptional(ground),
          }),
        ),
      }),
      v.object({
        ...about,
        kind: v.literal('face-embedder'),
        reference: v.string(),
        parts: v.object({
          family: v.picklist(['arcface', 'sface']),
          input: v.string(),
          output: v.string(),
          size: countTo(1e5),
          batch,
          preparation,
        }),
        graph: file,
        background: file,
      }),
      v.object({
        ...about,
        kind: v.literal('face-detector'),
        parts: v.object({
          input: v.string(),
          batch,
          canvas: v.exactOptional(v.object({ width: side, height: side })),
        }),
        graph: file,
      }),
    ]),
    v.transform(({ schema: _, ...pack }) => pack),
  );
}
