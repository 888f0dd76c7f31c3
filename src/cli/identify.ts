/** `whosin identify`: every face in every photo, each with its own name and probability, or unknown. */

import { Command } from '@commander-js/extra-typings';
import { WhosinError } from '../errors.ts';
import type { IdentifiedFace, IdentifiedPhoto } from '../faces/identify.ts';
import { openFaces } from '../faces/open-faces.ts';
import { loadPeopleModel } from '../faces/people-model.ts';
import { withMaxWrong } from '../faces/stranger-setting.ts';
import type { PeopleModel } from '../learn/model-file.ts';
import { drawPhoto, openDrawings } from './draw.ts';
import { level } from './evaluate-numbers.ts';
import {
  count,
  err,
  isOutputClosed,
  note,
  out,
  print,
  probability,
  progressBar,
  shown,
  warnOfCache,
} from './output.ts';
import { drawOrSay, fraction, inOrder, listPhotos, round } from './photo-arguments.ts';
import { settingSentence } from './setting-text.ts';

export function identifyCommand(done: (status: number) => void): Command {
  const command = new Command('identify')
    .description('Say who is in photos: every face with a name and a probability, or unknown.')
    .argument('<photos...>', 'files, folders, globs, or - for one path a line on standard input')
    .requiredOption('-m, --model <file>', 'the model that whosin train wrote')
    .option(
      '--min-probability <p>',
      "give a name from this probability up (default: the model's, 0.5)",
      fraction,
    )
    .option(
      '--max-wrong <share>',
      'instead: name at most this share of strangers, by what training measured; 0.01 is 1 %',
      fraction,
    )
    .option('--allow-repeats', 'let one person be in a photo more than once (mirrors, collages)')
    .option('--draw <dir>', 'write copies of the photos with boxes and names to this folder')
    .option('--json', 'print one JSON object a photo (JSON Lines)')
    .addHelpText(
      'after',
      `
Reads JPEG, PNG, WebP, AVIF, HEIC, TIFF and GIF (first frame).
A name is given from a probability of 0.5 up; whosin train says how many strangers that names. --max-wrong chooses
the probability by that share instead.

Examples:
  whosin identify party.jpg album/ -m people.onnx
  whosin identify 'album/**/*.heic' -m people.onnx --draw named/
  whosin identify party.jpg -m people.onnx --max-wrong 0.01
  find . -newer last-run -name '*.jpg' | whosin identify - -m people.onnx --json`,
    )
    .action(async (photos, { model: modelFile, allowRepeats = false, draw, json, ...asked }) => {
      const model = withSetting(await loadPeopleModel(modelFile), asked);
      const people = await openFaces({ onCacheFailure: warnOfCache });
      const drawings = draw === undefined ? undefined : await openDrawings(draw);
      const files = await listPhotos(photos, drawings);
      const bar = progressBar('Identifying');
      const total = { photos: 0, faces: 0, named: 0, failed: 0 };
      try {
        for await (const photo of inOrder(files, (paths) =>
          people.identify(paths, model, { allowRepeats }),
        )) {
          if (isOutputClosed() && !drawings) break;
          total.photos++;
          if ('error' in photo) {
            total.failed++;
            note(`${err.red('error:')} ${shown(photo.error.message)}`);
          } else {
            total.faces += photo.faces.length;
            total.named += photo.faces.filter(({ decision }) => decision.kind === 'known').length;
            if (drawings && !(await drawOrSay(() => drawPhoto(drawings, photo)))) total.failed++;
          }
          if (json) print(JSON.stringify(toJson(photo)));
          else if (!('error' in photo)) sayPhoto(photo);
          bar.update(total.photos, files.length);
        }
      } finally {
        // The bar's clock would keep the process alive.
        bar.stop();
        await people.close();
      }
      if (total.photos === 0) throw new WhosinError('not-found', 'No photos were found in what was given.');
      note(
        err.dim(
          `${count(total.photos, 'photo')}, ${count(total.faces, 'face')}, ${total.named} named${total.failed > 0 ? `, ${total.failed} could not be read` : ''}${draw === undefined ? '' : `; drawn into ${draw}`}`,
        ),
      );
      if (asked.maxWrong !== undefined) note(err.dim(`${settingSentence(model)}.`));
      if (total.failed > 0) done(1);
    });
  return command as unknown as Command;
}

function withSetting(
  model: PeopleModel,
  { minProbability, maxWrong }: { minProbability?: number | undefined; maxWrong?: number | undefined },
): PeopleModel {
  if (maxWrong === undefined) return minProbability === undefined ? model : { ...model, minProbability };
  if (minProbability !== undefined) {
    throw new WhosinError('usage', 'Give either --max-wrong or --min-probability: each sets the other.');
  }
  const strict = withMaxWrong(model, maxWrong);
  const { rate } = strict.setting;
  if (rate > maxWrong) {
    note(
      err.yellow(
        `${level(maxWrong)} of strangers is less than can be known about so many people: ${level(rate)} is kept, or less.`,
      ),
    );
  }
  return strict.model;
}

function sayPhoto({ path, faces }: Extract<IdentifiedPhoto, { faces: unknown }>): void {
  const names = faces.flatMap(({ decision }) => (decision.kind === 'known' ? [shown(decision.person)] : []));
  const unknown = faces.length - names.length;
  const summary = [...names, ...(unknown > 0 ? [`${unknown} unknown`] : [])].join(', ');
  print(
    `${out.bold(shown(path))}: ${faces.length === 0 ? 'no face found' : `${count(faces.length, 'face')}: ${summary}`}`,
  );
  for (const face of faces) print(`  ${faceLine(face)}`);
}

function faceLine({ box, decision }: IdentifiedFace): string {
  const place = `${Math.round(box.width)}×${Math.round(box.height)} at ${Math.round(box.left)},${Math.round(box.top)}`;
  const name =
    decision.kind === 'known'
      ? out.green(shown(decision.person).padEnd(24))
      : out.yellow('unknown'.padEnd(24));
  const next = decision.candidates[decision.kind === 'known' ? 1 : 0];
  const runnerUp =
    decision.kind === 'known' && (next === undefined || decision.unknown >= next.probability)
      ? { person: 'unknown', probability: decision.unknown }
      : next;
  const second = runnerUp ? `next ${shown(runnerUp.person)} ${probability(runnerUp.probability)}` : '';
  return `${name} ${probability(decision.probability).padStart(5)}  ${second.padEnd(34)} ${out.dim(place)}`;
}

/** The documented form, schema 1: boxes in pixels of the upright photo, `person` null for unknown. */
function toJson(photo: IdentifiedPhoto): object {
  if ('error' in photo) {
    const { code, message } = photo.error;
    return { schema: 1, file: photo.path, faces: [], error: { code, message } };
  }
  return {
    schema: 1,
    file: photo.path,
    width: photo.width,
    height: photo.height,
    faces: photo.faces.map(({ box, score, quality, decision }) => ({
      box: {
        left: round(box.left, 1),
        top: round(box.top, 1),
        width: round(box.width, 1),
        height: round(box.height, 1),
      },
      score: round(score, 4),
      quality: round(quality, 4),
      person: decision.kind === 'known' ? decision.person : null,
      probability: uncertain(decision.probability),
      unknown: uncertain(decision.unknown),
      candidates: decision.candidates.map(({ person, probability: p }) => ({
        person,
        probability: uncertain(p),
      })),
    })),
  };
}

/** Six digits, and never certain: nothing rounds to 0 or 1. */
function uncertain(p: number): number {
  return Math.min(Math.max(round(p, 6), 1e-6), 1 - 1e-6);
}
