/** `whosin models pull`. */

import { Command } from '@commander-js/extra-typings';
import { readConfig } from '../../config.ts';
import { nearNames } from '../../core/near-names.ts';
import { WhosinError } from '../../errors.ts';
import { type PullableFaceModel, pullableFaceModels } from '../../models/opencv-zoo.ts';
import { type PullablePack, pullablePacks } from '../../models/tensorflow-packs.ts';
import type { DownloadOptions } from '../../packs/download.ts';
import { builtInPacks } from '../../packs/pack-store.ts';
import type { Pulled } from '../../packs/pull-pack.ts';
import { shown } from '../../report/words.ts';
import { untilInterrupted } from '../terminal/interrupt.ts';
import { note, out, print, progressBar, warnOfCache } from '../terminal/output.ts';
import { sayDetector, sayEmbedder } from './models-add-faces.ts';

interface Given {
  readonly from?: string | undefined;
  readonly reference?: string | undefined;
  readonly background?: string | undefined;
  readonly json: boolean;
}

export function modelsPullCommand(): Command {
  const command = new Command('pull')
    .description('fetch a model from where its makers keep it, or go on with an interrupted transfer')
    .argument('<name>', 'a name from whosin models list')
    .option('--from <address>', 'another place that has the same file')
    .option(
      '--reference <dir>',
      'sface: photos of a few hundred people, one folder for each: what its odds are fitted on',
    )
    .option('--background <file>', 'sface: instead, the background.onnx of the same model, fitted before')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured. Ctrl-C stops; the same command goes on where it was.
InsightFace's models are for research only and are not fetched: whosin models add takes a file of theirs.

Examples:
  whosin models pull inception-v3
  whosin models pull yunet
  whosin models pull sface --reference lfw/
  whosin models pull mobilenet_1.0_224 --from https://mirror.example.org/mobilenet_v1_1.0_224_frozen.tgz`,
    )
    .action((name, { json = false, ...options }) => pull(name, { ...options, json }));
  return command as unknown as Command;
}

async function pull(name: string, given: Given): Promise<void> {
  const wanted = pullable(name);
  const { reference, background } = given;
  if (!('kind' in wanted && wanted.kind === 'face-embedder') && (reference ?? background) !== undefined) {
    throw new WhosinError('usage', `${name} has no odds to fit: leave --reference and --background out.`);
  }
  const bar = progressBar(`Fetching ${name}`, megabytes);
  await untilInterrupted((signal) => {
    const options = {
      ...(given.from !== undefined && { from: given.from }),
      signal,
      onWait: waiting(name),
      onProgress: (bytes: number, total: number | undefined) => {
        if (total !== undefined) bar.update(bytes, total);
        if (bytes === total) bar.stop();
      },
    };
    return 'kind' in wanted ? pullFaces(wanted, options, given) : pullPictures(wanted, options, given);
  }).finally(() => bar.stop());
}

type Transfer = Omit<DownloadOptions, 'maxBytes'> & { readonly from?: string; readonly onWait: () => void };

// What fetches takes a tenth of a second to load, which no other command should wait for.
async function pullPictures(wanted: PullablePack, options: Transfer, { from, json }: Given): Promise<void> {
  const { pullPack } = await import('../../packs/pull-pack.ts');
  const pulled = await pullPack(readConfig().packs, wanted, options);
  if (json) print(JSON.stringify(pulledJson(pulled)));
  else sayPulled(wanted, pulled, from);
}

async function pullFaces(
  wanted: PullableFaceModel,
  options: Transfer,
  { from = wanted.address, reference, background, json }: Given,
): Promise<void> {
  const { pullFaceModel } = await import('../../faces/packs/pull-face-model.ts');
  const bar = progressBar('Reading the reference');
  const { pack, already } = await pullFaceModel(readConfig(), wanted, {
    ...options,
    reference,
    background,
    onPhoto: (done, total = done) => {
      if (options.signal?.aborted) {
        throw new WhosinError(
          'cancelled',
          'Stopped. The same command goes on: what was fetched and read is kept.',
        );
      }
      bar.update(done, total);
    },
    onCacheFailure: warnOfCache,
  }).finally(() => bar.stop());
  const { name, sha256 } = wanted;
  if (json) return print(JSON.stringify({ schema: 1, name, already, sha256, trust: 'known' }));
  if (already) return print(`${name} is here already, and its files are right.`);
  sayFetched(name, from, sha256, 'known');
  if ('network' in pack) sayDetector(pack);
  else sayEmbedder(pack);
}

function pullable(name: string): PullablePack | PullableFaceModel {
  const all = [...pullableFaceModels, ...pullablePacks];
  const found = all.find((model) => model.name === name);
  if (found) return found;
  if (builtInPacks.some((pack) => pack.name === name)) {
    throw new WhosinError('usage', `${name} comes with whosin: there is nothing to fetch.`);
  }
  const near = nearNames(
    name,
    all.map((model) => model.name),
    3,
  );
  throw new WhosinError(
    'not-found',
    `whosin knows no place of a model "${name}". Near it: ${near.join(', ')}.`,
  );
}

export function waiting(name: string): () => void {
  return () => note(`Another whosin is at work on ${name}: waiting for it.`);
}

function sayPulled(
  { name, archive }: PullablePack,
  { already, trust, archiveSha256, pack }: Pulled,
  from = archive.address,
): void {
  if (already) return print(`${name} is here already, and its files are right.`);
  sayFetched(name, from, archiveSha256!, trust!);
  print(`  licence ${pack.licence}`);
}

function sayFetched(name: string, from: string, sha256: string, trust: NonNullable<Pulled['trust']>): void {
  print(`Fetched ${out.bold(name)} from ${shown(from)}.`);
  print(`  sha256  ${sha256}`);
  const how = {
    known: 'the sum that whosin knows of it',
    recorded: 'the same as when it was first pulled here',
    first: 'nobody has published its sum: this one is written down, and every later pull is held to it',
  } as const;
  print(`  trust   ${how[trust]}`);
}

function pulledJson({ pack, already, trust, archiveSha256 }: Pulled): object {
  return { schema: 1, name: pack.name, already, ...(!already && { sha256: archiveSha256, trust }) };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
