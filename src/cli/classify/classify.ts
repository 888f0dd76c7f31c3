/** `whosin classify`: what is in photos and videos, as labels with scores, or as things with boxes. */

import { Command } from '@commander-js/extra-typings';
import { describeDamage } from '../../core/damage.ts';
import type { Label } from '../../core/label.ts';
import { WhosinError } from '../../errors.ts';
import type { PicturePack } from '../../models/picture-pack.ts';
import type { LabelScore, PictureClassifier } from '../../pictures/classifier.ts';
import { type ClassifiedPhoto, classify } from '../../pictures/classify.ts';
import { openPictureModel } from '../../pictures/open-model.ts';
import { classifiedJson } from '../../report/classified-json.ts';
import { count, shown } from '../../report/words.ts';
import { drawCopy, openDrawings } from '../draw.ts';
import { knownParts, withKnownOptions } from '../models/known-options.ts';
import { noteDoubt } from '../models/note-doubt.ts';
import { guessOf } from '../models/pack-text.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { share, wholeNumber } from '../terminal/numbers.ts';
import { err, isOutputClosed, note, out, print } from '../terminal/output.ts';
import {
  drawOrSay,
  type Given,
  inOrder,
  listPhotos,
  placesOf,
  readGiven,
} from '../terminal/photo-arguments.ts';
import { progressBar } from '../terminal/progress.ts';
import { moment, refuseVideoOptions, refuseVideoRange, videosAmong } from '../terminal/video-arguments.ts';

type AnsweredPhoto = Extract<ClassifiedPhoto, { kind: 'photo' }>;

export function classifyCommand(run: Invocation): Command {
  const command = withKnownOptions(
    new Command('classify')
      .description(
        'Find the things in photos and videos, with their places, or give them the labels of any model.',
      )
      .argument('<photos...>', 'photos, videos, folders, globs, or - for standard input: a photo, or paths')
      .option(
        '-m, --model <model>',
        'a name from whosin models list, a model that whosin trained, or the file or folder of one from TensorFlow, Keras, Teachable Machine or ONNX',
      ),
  )
    .option('--top <n>', 'how many labels to print', wholeNumber(1), 5)
    .option(
      '--min-score <p>',
      'leave out labels that score less (default: 0; things with a place: 0.3; labels over time: 0.5)',
      share,
    )
    .option('--draw <dir>', 'write copies of the photos with what was found below this folder')
    .option('--json', 'print one JSON object for each photo or video (JSON Lines)')
    .option('--videos', 'look for videos in folders too')
    .option('--frames', 'videos: print the answer for each frame by itself too')
    .option('--every <n>', 'videos: look at every n-th frame (default: about two a second)', wholeNumber(1))
    .option('--start <time>', 'videos: begin here, as in 90 or 1:30', moment)
    .option('--end <time>', 'videos: stop here', moment)
    .addHelpText(
      'after',
      `
Without --model it finds 80 kinds of things, several in a photo, each with its place. For a video it reports the times
from which and until which each label is seen.

Examples:
  whosin classify street.jpg --draw found/
  whosin classify album/ -m inception-v3 --json
  whosin classify clip.mp4 -m weather.onnx
  whosin classify cat.jpg -m my-model/
  whosin classify cat.jpg -m keras_model.h5
  whosin classify cat.jpg -m retrained_graph.pb --labels retrained_labels.txt`,
    )
    .action(async (given, { model: reference, labels, ...flags }) => {
      const { input, size, range, mean, scale, bgr, crop, output, ...options } = flags;
      const known = knownParts({ input, size, range, mean, scale, bgr, crop, output });
      refuseVideoRange(options);
      let foreign: PicturePack | undefined;
      const model = await openPictureModel(reference, {
        config: run.config,
        known,
        onForeign: (pack) => {
          foreign = pack;
          const guess = guessOf(pack);
          if (guess !== undefined) note(err.dim(guess));
        },
        ...(labels !== undefined && { labels }),
      });
      if (foreign) await noteDoubt(foreign, run.config);
      const { photos, videos } = await videosAmong(
        await readGiven(given),
        options.videos ?? false,
        run.config,
      );
      refuseVideoOptions(options, videos);
      const { frames = false, json = false } = options;
      let failed = 0;
      try {
        const photosFailed = photos.length > 0 ? await classifyPhotos(photos, model, options) : 'none';
        if (photosFailed !== 'none') {
          failed += photosFailed;
          if (reference === undefined && !json && options.draw === undefined) note(err.dim(wayOut(model)));
        } else if (videos.length === 0) {
          throw new WhosinError('not-found', 'The given paths hold no photos.');
        }
        if (videos.length > 0) {
          // A third of the program is about videos.
          const { classifyVideos } = await import('./classify-video.ts');
          failed += await classifyVideos(videos, model, { ...options, frames, json }, run.config);
        }
      } finally {
        await model.close();
      }
      if (failed > 0) run.done(1);
    });
  return command as unknown as Command;
}

/** The model that comes with whosin knows a dog, and not which: a person may want more. */
function wayOut({ labels }: PictureClassifier): string {
  return `This model knows ${labels.length} kinds of things. whosin models pull inception-v3 fetches one that knows 1,000; whosin train --on picture makes one of your own.`;
}

interface PhotoOptions {
  readonly top: number;
  readonly minScore?: number;
  readonly draw?: string;
  readonly json?: true;
  /** Whether videos in folders are looked at too. */
  readonly videos?: boolean;
}

/** @returns how many could not be read or drawn, or that there are no photos in what was given */
async function classifyPhotos(
  given: readonly Given[],
  model: PictureClassifier,
  { top, minScore, draw, json, videos = false }: PhotoOptions,
): Promise<number | 'none'> {
  const drawings = draw === undefined ? undefined : await openDrawings(draw);
  const files = await listPhotos(given, drawings, videos);
  const place = placesOf(given, files);
  const bar = progressBar('Classifying');
  const total = { photos: 0, failed: 0 };
  try {
    const options = minScore === undefined ? {} : { minScore };
    for await (const { photo, source } of inOrder(files, (found) => classify(found, model, options))) {
      if (isOutputClosed() && !drawings) break;
      total.photos++;
      if (photo.kind === 'failure') {
        total.failed++;
        note(`${err.red('error:')} ${shown(photo.error.message)}`);
      } else if (drawings) {
        const drawn = await drawOrSay(() => drawCopy(drawings, source, tagsOf(photo), place(source)));
        if (!drawn) total.failed++;
      }
      if (json) print(JSON.stringify(classifiedJson(photo, top)));
      else if (photo.kind === 'photo') sayPhoto(photo, top);
      bar.update(total.photos, files.length);
    }
  } finally {
    bar.stop();
  }
  if (total.photos === 0) return 'none';
  const failed = total.failed > 0 ? `, ${total.failed} could not be read` : '';
  note(
    err.dim(`${count(total.photos, 'photo')}${failed}${draw === undefined ? '' : `; drawn into ${draw}`}`),
  );
  return total.failed;
}

function sayPhoto(photo: AnsweredPhoto, top: number): void {
  const { path, labels, objects, damage } = photo;
  const sayDamage = (): void => {
    if (damage) print(`  ${out.yellow(describeDamage(damage, photo))}`);
  };
  if (!objects) {
    print(out.bold(shown(path)));
    sayDamage();
    for (const label of labels.slice(0, top)) print(`  ${labelLine(label)}`);
    return;
  }
  const kinds = labels.map(({ label, index }) => {
    const n = objects.filter((object) => object.index === index).length;
    return n === 1 ? shown(label) : `${n} × ${shown(label)}`;
  });
  print(
    `${out.bold(shown(path))}: ${kinds.length === 0 ? 'nothing that the model knows' : kinds.join(', ')}`,
  );
  sayDamage();
  for (const object of objects) {
    const { left, top: y, width, height } = object.box;
    const place = `${Math.round(width)}×${Math.round(height)} at ${Math.round(left)},${Math.round(y)}`;
    print(`  ${labelLine(object)}  ${out.dim(place)}`);
  }
}

/** As the tutorial prints them, the score rounded to five digits. */
function labelLine({ label, score }: LabelScore): string {
  return `${out.green(shown(label).padEnd(32))} ${score.toFixed(5)}`;
}

/** A model that says nothing of places names the whole photo. */
function tagsOf({ width, height, labels, objects }: AnsweredPhoto): readonly Label[] {
  const tag = ({ label, score }: LabelScore): string => `\u2068${label}\u2069 ${score.toFixed(2)}`;
  if (objects) return objects.map((object) => ({ box: object.box, text: tag(object), tone: 'known' }));
  const whole = { left: 0, top: 0, width, height };
  return labels.slice(0, 1).map((label) => ({ box: whole, text: tag(label), tone: 'known' }));
}
