/** `whosin identify`: every face in every photo and video, each with its own name and probability, or unknown. */

import { Command } from '@commander-js/extra-typings';
import { WhosinError } from '../../errors.ts';
import type { Faces } from '../../faces/open-faces.ts';
import type { PeopleModel } from '../../faces/people/model-file.ts';
import { withMaxWrong } from '../../faces/people/model-stranger-rate.ts';
import { loadPeopleModel } from '../../faces/people/people-model.ts';
import { facePackOfSpace } from '../../packs/face-packs.ts';
import { photoJson } from '../../report/decision-json.ts';
import { level } from '../../report/evaluate-numbers.ts';
import { settingSentence } from '../../report/setting-text.ts';
import { count, shown } from '../../report/words.ts';
import { drawPhoto, openDrawings } from '../draw.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { share, wholeNumber } from '../terminal/numbers.ts';
import { detectorOption, openFacesWith } from '../terminal/open-faces-with.ts';
import { err, isOutputClosed, note, print } from '../terminal/output.ts';
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
import { sayPhoto } from './identify-text.ts';

export function identifyCommand(run: Invocation): Command {
  const command = new Command('identify')
    .description('Name every face in photos and videos, each with a probability, or call it unknown.')
    .argument('<photos...>', 'photos, videos, folders, globs, or - for standard input: a photo, or paths')
    .option('-m, --model <file>', 'the model that whosin train wrote; always needed')
    .option(
      '--min-probability <p>',
      "give a name from this probability up (default: the model's, 0.5)",
      share,
    )
    .option(
      '--max-wrong <share>',
      'instead: name at most this share of strangers, by what training measured; 0.01 is 1 %',
      share,
    )
    .option('--allow-repeats', 'let one person be in a photo more than once (mirrors, collages)')
    .option(...detectorOption)
    .option('--draw <dir>', 'write copies with boxes and names below this folder (a video: or file.mp4)')
    .option('--json', 'print one JSON object for each photo or video (JSON Lines)')
    .option('--videos', 'look for videos in folders too')
    .option('--frames', 'videos: print the answer for each frame by itself too')
    .option('--every <n>', 'videos: look at every n-th frame (default: about six a second)', wholeNumber(1))
    .option('--start <time>', 'videos: begin here, as in 90 or 1:30', moment)
    .option('--end <time>', 'videos: stop here', moment)
    .option('--report <file>', 'videos: write a page with a time line for each person')
    .addHelpText(
      'after',
      `
Reads JPEG, PNG, WebP, AVIF, HEIC, TIFF, BMP and GIF (first frame); MP4, MOV, MKV, WebM, AVI and other videos with
ffmpeg, which has to be installed. A video gets a time line: who is in it, and when.
A face gets a name if the name's probability is 0.5 or higher. whosin train reports how many strangers get a name at
that limit. --max-wrong chooses the limit from the share of strangers that may get a name.

Examples:
  whosin identify party.jpg trip/ -m people.onnx
  whosin identify 'trip/**/*.heic' -m people.onnx --draw named/
  whosin identify party.jpg -m people.onnx --max-wrong 0.01
  whosin identify clip.mp4 -m people.onnx --report clip.html --draw named.mp4
  find . -newer last-run -name '*.jpg' -print0 | whosin identify - -m people.onnx --json`,
    )
    .action(
      async (
        given,
        {
          model: file,
          minProbability,
          maxWrong,
          allowRepeats = false,
          detector,
          draw,
          json = false,
          ...video
        },
      ) => {
        if (file === undefined) {
          throw new WhosinError(
            'usage',
            'Name the model of your people with -m, --model <file>. If there is none yet, make it from a folder of photos ' +
              'for each person: whosin train photos/ -o people.onnx. Try: whosin identify --help',
          );
        }
        refuseVideoRange(video);
        const model = withSetting(await loadPeopleModel(file), { minProbability, maxWrong });
        const all = await readGiven(given);
        const { photos, videos } = await videosAmong(all, video.videos ?? false, run.config);
        refuseVideoOptions(video, videos);
        // A third of the program is about videos: it is loaded where there are some.
        const forVideos = videos.length > 0 ? await import('./identify-video.ts') : undefined;
        if (forVideos && photos.length > 0 && draw !== undefined && forVideos.isDrawnInto(draw)) {
          throw new WhosinError(
            'usage',
            `--draw ${draw} is a clip, and there are photos too: name a folder.`,
          );
        }
        const pack = await facePackOfSpace(run.config.packs, model.space);
        const faces = await openFacesWith(run.config, detector, pack);
        let failed = 0;
        try {
          const photosFailed =
            photos.length > 0
              ? await identifyPhotos(photos, model, faces, {
                  allowRepeats,
                  draw,
                  json,
                  videos: video.videos ?? false,
                })
              : 'none';
          if (photosFailed !== 'none') failed += photosFailed;
          else if (forVideos === undefined) {
            throw new WhosinError('not-found', 'The given paths hold no photos.');
          }
          if (forVideos) {
            const paths = all.filter((one) => typeof one === 'string');
            const settings = { ...video, given: paths, allowRepeats, frames: video.frames ?? false, json };
            const drawn = draw === undefined ? {} : { draw };
            const how = { ...settings, ...drawn };
            failed += (await forVideos.identifyVideos(videos, model, faces, how, run.config)).failed;
          }
        } finally {
          await faces.close();
        }
        if (maxWrong !== undefined) note(err.dim(`${settingSentence(model)}.`));
        if (failed > 0) run.done(1);
      },
    );
  return command as unknown as Command;
}

interface PhotoSettings {
  readonly allowRepeats: boolean;
  readonly draw: string | undefined;
  readonly json: boolean;
  /** Whether videos in folders are looked at too. */
  readonly videos: boolean;
}

/** @returns how many could not be read or drawn, or that there are no photos in what was given */
async function identifyPhotos(
  given: readonly Given[],
  model: PeopleModel,
  people: Faces,
  { allowRepeats, draw, json, videos }: PhotoSettings,
): Promise<number | 'none'> {
  const drawings = draw === undefined ? undefined : await openDrawings(draw);
  const files = await listPhotos(given, drawings, videos);
  const place = placesOf(given, files);
  const bar = progressBar('Identifying');
  const total = { photos: 0, faces: 0, named: 0, failed: 0 };
  try {
    for await (const { photo, source } of inOrder(files, (found) =>
      people.identify(found, model, { allowRepeats }),
    )) {
      if (isOutputClosed() && !drawings) break;
      total.photos++;
      if (photo.kind === 'failure') {
        total.failed++;
        note(`${err.red('error:')} ${shown(photo.error.message)}`);
      } else {
        total.faces += photo.faces.length;
        total.named += photo.faces.filter(({ decision }) => decision.kind === 'known').length;
        if (drawings && !(await drawOrSay(() => drawPhoto(drawings, source, photo.faces, place(source)))))
          total.failed++;
      }
      if (json) print(JSON.stringify(photoJson(photo)));
      else if (photo.kind === 'photo') sayPhoto(photo);
      bar.update(total.photos, files.length);
    }
  } finally {
    bar.stop();
  }
  if (total.photos === 0) return 'none';
  note(
    err.dim(
      `${count(total.photos, 'photo')}, ${count(total.faces, 'face')}, ${total.named} named${total.failed > 0 ? `, ${total.failed} could not be read` : ''}${draw === undefined ? '' : `; drawn into ${draw}`}`,
    ),
  );
  return total.failed;
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
        `${level(maxWrong)} of strangers is too low a rate to measure with this many people: the limit is for ${level(rate)} or less.`,
      ),
    );
  }
  return strict.model;
}
