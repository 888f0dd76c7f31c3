/** `whosin verify`: do two photos show the same person? */

import { Command } from '@commander-js/extra-typings';
import type { Config } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import type { Face } from '../../faces/find/face.ts';
import { type Verification, type VerifyOptions, verifyPhotos } from '../../faces/people/verify.ts';
import type { BoundedRate } from '../../learn/odds/rate-table.ts';
import { facePackNamed } from '../../packs/face-packs.ts';
import { verificationJson } from '../../report/verification-json.ts';
import { count, probability, shown } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { share } from '../terminal/numbers.ts';
import { detectorOption, openFacesWith } from '../terminal/open-faces-with.ts';
import { allIsWritten, err, note, out, print } from '../terminal/output.ts';
import { nameOfGiven, readGivenPhoto } from '../terminal/photo-arguments.ts';

export function verifyCommand(run: Invocation): Command {
  const command = new Command('verify')
    .description('Compare two photos: do they show the same person?')
    .argument('<photo>', 'a photo, or - for one on standard input')
    .argument('<other>', 'another')
    .option('-m, --model <name>', 'an embedder of faces that was added (whosin models list)')
    .option(...detectorOption)
    .option(
      '--prior <p>',
      'probability, before the photos are compared, that it is the same person',
      share,
      0.5,
    )
    .option('--min-probability <p>', 'call it the same person from this probability up', share, 0.5)
    .option('--all', 'compare every face of one photo with every face of the other, not only the largest')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
The false match rate is how often photos of two different people were as much alike. It was measured on Labeled Faces
in the Wild; with -m, on the reference that the embedder was added with, on people whom the odds were not fitted on.

The exit status is like that of cmp and diff: 0 the same person, 1 not, 2 no answer (a photo could not be read or
shows no face, the answer could not be written, or wrong use). With --all: 0 if any two faces are of one person.

Examples:
  whosin verify passport.jpg selfie.jpg
  whosin verify passport.jpg party.jpg --all --prior 0.1`,
    )
    .action(async (a, b, { model, detector, prior, minProbability, all = false, json }) => {
      const names: Paths = [nameOfGiven(a), nameOfGiven(b)];
      let found: Verification;
      try {
        found = await compare([a, b], { model, detector }, { prior, all }, run.config);
      } catch (error) {
        if (!(error instanceof WhosinError)) throw error;
        note(`${err.red('error:')} ${shown(error.message)}`);
        return run.done(2);
      }
      const same = found.pairs.some((pair) => pair.probability >= minProbability);
      if (json) print(JSON.stringify(verificationJson(found, names, prior, same)));
      else say(found, names, minProbability);
      // 1 is an answer here, so it cannot mean that none was written.
      run.done((await allIsWritten()) ? (same ? 0 : 1) : 2);
    });
  return command as unknown as Command;
}

type Paths = readonly [string, string];

async function compare(
  [a, b]: Paths,
  { model, detector }: { readonly model: string | undefined; readonly detector: string | undefined },
  options: VerifyOptions,
  config: Config,
): Promise<Verification> {
  if (a === '-' && b === '-') throw new WhosinError('usage', 'Standard input holds one photo, not two.');
  const photos = [await readGivenPhoto(a), await readGivenPhoto(b)] as const;
  const pack = model === undefined ? undefined : await facePackNamed(config.packs, model);
  const faces = await openFacesWith(config, detector, pack);
  try {
    return await verifyPhotos(...photos, faces, options);
  } finally {
    await faces.close();
  }
}

function say({ faces, pairs, measuredOn }: Verification, paths: Paths, minProbability: number): void {
  for (const pair of pairs) {
    const same = pair.probability >= minProbability;
    const verdict = same ? out.green('the same person') : out.yellow('not the same person');
    print(`${verdict}  P(same) ${probability(pair.probability)}, similarity ${pair.similarity.toFixed(3)}`);
    if (pair.falseMatchRate) print(`  false match rate ${rateOf(pair.falseMatchRate)}`);
    for (const side of [0, 1] as const) {
      if (faces[side] > 1) print(out.dim(`  ${shown(paths[side])}: face ${placeOf(pair.faces[side])}`));
    }
  }
  for (const side of [0, 1] as const) {
    if (faces[side] === 1 || pairs.length > 1) continue;
    note(
      err.dim(
        `${shown(paths[side])} shows ${count(faces[side], 'face')}: the largest was compared, --all compares every one.`,
      ),
    );
  }
  const none =
    'No false match rate: none was measured for this embedder. Add it with --reference to measure one.';
  note(err.dim(measuredOn === null ? none : `False match rates were measured on ${shown(measuredOn)}.`));
}

/** `0.0083 %: 1 in 12,000 pairs of different people are as much alike` */
function rateOf({ rate, bound }: BoundedRate): string {
  const percent = `${Number((rate * 100).toPrecision(2))} %`;
  const oneIn = `1 in ${Number((1 / rate).toPrecision(2)).toLocaleString('en')}`;
  const alike = 'pairs of different people are as much alike';
  if (bound === 'at-most') return `below ${percent}: fewer than ${oneIn} ${alike}`;
  if (bound === 'at-least') return `above ${percent}: more than ${oneIn} ${alike}`;
  return `${percent}: ${oneIn} ${alike}`;
}

function placeOf({ box }: Face): string {
  return `${Math.round(box.width)}×${Math.round(box.height)} at ${Math.round(box.left)},${Math.round(box.top)}`;
}
