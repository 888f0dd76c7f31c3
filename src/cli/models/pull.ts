/** `whosin models pull`. */

import { Command } from '@commander-js/extra-typings';
import type { Config } from '../../config.ts';
import { nearNames } from '../../core/near-names.ts';
import { WhosinError } from '../../errors.ts';
import type { PackKind } from '../../models/pack.ts';
import type { PullablePack } from '../../models/pullable-pack.ts';
import { pullablePacks } from '../../models/pullable-packs.ts';
import { comesWithWhosin } from '../../packs/pack-store.ts';
import type { MakePulled, Pulled } from '../../packs/pull-pack.ts';
import { shown } from '../../report/words.ts';
import { untilInterrupted } from '../terminal/interrupt.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { note, out, print } from '../terminal/output.ts';
import { type Progress, progressBar } from '../terminal/progress.ts';
import { detailsOf } from './pack-text.ts';
import { referenceProgress } from './reference-progress.ts';

interface Given {
  readonly from?: string | undefined;
  readonly reference?: string | undefined;
  readonly background?: string | undefined;
  readonly json: boolean;
}

export function modelsPullCommand(run: Invocation): Command {
  const command = new Command('pull')
    .description('Fetch a model from its makers over the internet, or go on with an interrupted transfer.')
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
    .action((name, { json = false, ...options }) => pull(name, { ...options, json }, run.config));
  return command as unknown as Command;
}

async function pull(name: string, given: Given, config: Config): Promise<void> {
  const wanted = pullable(name);
  const { from, reference, background, json } = given;
  if (wanted.kind !== 'face-embedder' && (reference ?? background) !== undefined) {
    throw new WhosinError('usage', `${name} has no odds to fit: leave --reference and --background out.`);
  }
  const [fetching, reading] = [
    progressBar(`Fetching ${name}`, megabytes),
    progressBar('Reading the reference'),
  ];
  const pulled = await untilInterrupted(async (signal) => {
    // The code that fetches takes a tenth of a second to load, which no other command should wait for.
    const { pullPack } = await import('../../packs/pull-pack.ts');
    return pullPack(config.packs, wanted, await makerOf(wanted, given, config, signal, reading), {
      ...(from !== undefined && { from }),
      signal,
      onWait: waiting(name),
      onProgress: (bytes: number, total: number | undefined) => {
        if (total !== undefined) fetching.update(bytes, total);
        if (bytes === total) fetching.stop();
      },
    });
  })
    .finally(() => {
      fetching.stop();
      reading.stop();
    })
    .catch((error: unknown) => {
      throw withWaysOut(error, wanted);
    });
  if (json) print(JSON.stringify(pulledJson(pulled)));
  else sayPulled(pulled, from ?? wanted.address);
}

/** Without the internet a person is not lost: everything else that leads to such a model. */
function withWaysOut(error: unknown, { kind, name }: PullablePack): unknown {
  if (!(error instanceof WhosinError) || error.code !== 'cannot-fetch') return error;
  const here =
    kind === 'picture'
      ? ' The models that are here need no internet (whosin models list), nor does a model file of your own (-m).'
      : '';
  return new WhosinError(
    error.code,
    `${error.message} Other ways: a proxy (HTTPS_PROXY), the same file from another place (--from ADDRESS), or the file itself, fetched on another machine (whosin models add ${name} FILE).${here}`,
    { cause: error },
  );
}

/** How a model of its kind is made of what is fetched. */
async function makerOf(
  wanted: PullablePack,
  { reference, background }: Given,
  config: Config,
  signal: AbortSignal,
  reading: Progress,
): Promise<MakePulled<PackKind>> {
  if (wanted.kind === 'picture') {
    const { fromArchive } = await import('../../packs/pull-picture-pack.ts');
    return fromArchive(wanted);
  }
  if (wanted.kind === 'face-detector') {
    const { fetchedDetector } = await import('../../faces/packs/add-face-detector.ts');
    return fetchedDetector(config, wanted);
  }
  const { fetchedEmbedder } = await import('../../faces/packs/add-face-embedder.ts');
  const progress = referenceProgress(signal, reading);
  return fetchedEmbedder(config, wanted, { reference, background, ...progress });
}

function pullable(name: string): PullablePack {
  const found = pullablePacks.find((model) => model.name === name);
  if (found) return found;
  if (comesWithWhosin(name)) {
    throw new WhosinError('usage', `${name} comes with whosin: there is nothing to fetch.`);
  }
  const names = pullablePacks.map((model) => model.name);
  throw new WhosinError(
    'not-found',
    `whosin knows no place of a model "${name}". Near it: ${nearNames(name, names, 3).join(', ')}.`,
  );
}

export function waiting(name: string): () => void {
  return () => note(`Another whosin is at work on ${name}: waiting for it.`);
}

function sayPulled({ pack, already, sha256, trust }: Pulled<PackKind>, from: string): void {
  if (already) return print(`${pack.name} is here already, and its files are right.`);
  print(`Fetched ${out.bold(pack.name)} from ${shown(from)}.`);
  print(`  sha256      ${sha256}`);
  const how = {
    known: 'the sum that whosin knows of it',
    recorded: 'the same as when it was first pulled here',
    first: 'nobody has published its sum: this one is written down, and every later pull is held to it',
  } as const;
  print(`  trust       ${how[trust!]}`);
  for (const line of detailsOf(pack)) print(line);
}

function pulledJson({ pack, already, sha256, trust }: Pulled<PackKind>): object {
  return { schema: 1, name: pack.name, already, ...(!already && { sha256, trust }) };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
