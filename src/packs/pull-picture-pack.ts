/** An archive of TensorFlow becomes a pack for whole pictures. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WhosinError } from '../errors.ts';
import { readLabels } from '../models/imagenet-labels.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import type { PullablePicture } from '../models/pullable-pack.ts';
import { unpack } from './archive.ts';
import { sha256Of } from './download.ts';
import { type MakePulled, mostBytes } from './pull-pack.ts';

/** For `pullPack`. Throws `cannot-fetch`, or `bad-weights` where a file in it is not the one that was published. */
export function fromArchive(wanted: PullablePicture): MakePulled<'picture'> {
  return {
    kind: 'picture',
    async make(archive, folder) {
      const { graph, labels } = wanted;
      const members = [graph, ...labels];
      const paths = members.map(({ path }) => path);
      await unpack(archive, folder, paths, mostBytes);
      const sums = await Promise.all(paths.map((path) => sha256Of(join(folder, path))));
      for (const [i, { path, sha256 }] of members.entries()) {
        if (sha256 === undefined || sha256 === sums[i]) continue;
        throw new WhosinError(
          'bad-weights',
          `${path} of ${wanted.name} has sha256 ${sums[i]}, expected ${sha256}: nothing of it was stored.`,
        );
      }
      const texts = labels.map(async ({ path }) => ({
        path,
        text: await readFile(join(folder, path), 'utf8'),
      }));
      return packOf(wanted, folder, sums[0]!, readLabels(await Promise.all(texts)));
    },
  };
}

function packOf(
  { kind, name, licence, source, graph, input, bottleneck, scores }: PullablePicture,
  folder: string,
  sha256: string,
  labels: readonly string[],
): PicturePack {
  return {
    kind,
    name,
    licence,
    source,
    graph: { format: 'tensorflow', files: [{ folder, path: graph.path, sha256 }] },
    input,
    bottleneck,
    scores: { ...scores, labels },
  };
}
