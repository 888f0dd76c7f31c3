/** `whosin identify`: every face in every photo, each with its own name and probability, or unknown. */

import { createInterface } from 'node:readline';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { WhosinError } from '../errors.ts';
import type { IdentifiedFace, IdentifiedPhoto } from '../faces/identify.ts';
import { openFaces } from '../faces/open-faces.ts';
import { loadPeopleModel } from '../faces/people-model.ts';
import { isVideo, videosAt, walkPhotos } from '../learn/photo-files.ts';
import { isDrawnInto } from '../video/draw-video.ts';
import { boxJson, decisionJson, round } from './decision-json.ts';
import { type Drawings, drawPhoto, isDrawn, openDrawings, type ReadPhoto } from './draw.ts';
import { identifyVideos } from './identify-video.ts';
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

export function identifyCommand(done: (status: number) => void): Command {
  const command = new Command('identify')
    .description('Say who is in photos and videos: every face with a name and a probability, or unknown.')
    .argument('<photos...>', 'photos, videos, folders, globs, or - for one path a line on standard input')
    .requiredOption('-m, --model <file>', 'the model that whosin train wrote')
    .option(
      '--min-probability <p>',
      "give a name from this probability up (default: the model's, 0.5)",
      fraction,
    )
    .option('--allow-repeats', 'let one person be in a photo more than once (mirrors, collages)')
    .option('--draw <dir>', 'write copies with boxes and names to this folder (a video: or file.mp4)')
    .option('--json', 'print one JSON object a photo or video (JSON Lines)')
    .option('--videos', 'look for videos in folders too')
    .option('--frames', 'videos: print what each frame says by itself too')
    .option('--every <n>', 'videos: look at every n-th frame (default: about six a second)', wholeNumber)
    .option('--start <time>', 'videos: begin here, as in 90 or 1:30', moment)
    .option('--end <time>', 'videos: stop here', moment)
    .option('--report <file>', 'videos: write a page with a lane for each person')
    .addHelpText(
      'after',
      `
Reads JPEG, PNG, WebP, AVIF, HEIC, TIFF and GIF (first frame); MP4, MOV, MKV, WebM, AVI and other videos with
ffmpeg, which has to be installed. A video gets a time line: who is in it, and when.

Examples:
  whosin identify party.jpg album/ -m people.onnx
  whosin identify 'album/**/*.heic' -m people.onnx --draw named/
  whosin identify clip.mp4 -m people.onnx --report clip.html --draw named.mp4
  find . -newer last-run -name '*.jpg' | whosin identify - -m people.onnx --json`,
    )
    .action(
      async (given, { model: modelFile, minProbability, allowRepeats = false, draw, json, ...video }) => {
        if ((video.end ?? Number.POSITIVE_INFINITY) <= (video.start ?? 0)) {
          throw new WhosinError('usage', '--end has to lie after --start.');
        }
        const trained = await loadPeopleModel(modelFile);
        const model = minProbability === undefined ? trained : { ...trained, minProbability };
        const { photos, videos } = await sortGiven(given, video.videos ?? false);
        if (video.report !== undefined && videos.length === 0) {
          throw new WhosinError('usage', '--report is for videos, and none was given.');
        }
        if (videos.length > 0 && photos.length > 0 && draw !== undefined && isDrawnInto(draw)) {
          throw new WhosinError(
            'usage',
            `--draw ${draw} is a clip, and there are photos too: name a folder.`,
          );
        }
        const drawsClip = videos.length > 0 && photos.length === 0;
        const people = await openFaces({ onCacheFailure: warnOfCache });
        const drawings = draw === undefined || drawsClip ? undefined : await openDrawings(draw);
        const files = await listPhotos(photos, drawings);
        const bar = progressBar('Identifying');
        const total = { photos: 0, faces: 0, named: 0, failed: 0 };
        try {
          for await (const photo of identifyFiles(files, (paths) =>
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
              if (drawings && !(await drawOrSay(drawings, photo))) total.failed++;
            }
            if (json) print(JSON.stringify(toJson(photo)));
            else if (!('error' in photo)) sayPhoto(photo);
            bar.update(total.photos, files.length);
          }
          bar.stop();
          if (videos.length > 0) {
            const settings = { ...video, allowRepeats, frames: video.frames ?? false, json: json ?? false };
            const { failed } = await identifyVideos(videos, model, people, {
              ...settings,
              ...(draw !== undefined && { draw }),
            });
            if (failed > 0) done(1);
          }
        } finally {
          // The bar's clock would keep the process alive.
          bar.stop();
          await people.close();
        }
        if (total.photos === 0 && videos.length > 0) return;
        if (total.photos === 0) throw new WhosinError('not-found', 'No photos were found in what was given.');
        note(
          err.dim(
            `${count(total.photos, 'photo')}, ${count(total.faces, 'face')}, ${total.named} named${total.failed > 0 ? `, ${total.failed} could not be read` : ''}${draw === undefined ? '' : `; drawn into ${draw}`}`,
          ),
        );
        if (total.failed > 0) done(1);
      },
    );
  return command as unknown as Command;
}

type File = { readonly path: string } | { readonly path: string; readonly error: WhosinError };

/** A copy that cannot be written is said, and the rest goes on. */
async function drawOrSay(drawings: Drawings, photo: ReadPhoto): Promise<boolean> {
  try {
    await drawPhoto(drawings, photo);
    return true;
  } catch (error) {
    if (!(error instanceof WhosinError)) throw error;
    note(`${err.red('error:')} ${shown(error.message)}`);
    return false;
  }
}

/** Videos are told by their names. Folders are looked through for them only where that is asked for. */
async function sortGiven(
  given: readonly string[],
  inFolders: boolean,
): Promise<{ readonly photos: readonly string[]; readonly videos: readonly string[] }> {
  const paths: string[] = [];
  for (const path of given) {
    if (path !== '-') paths.push(path);
    else
      for await (const line of createInterface({ input: process.stdin })) if (line !== '') paths.push(line);
  }
  const videos: string[] = [];
  const photos: string[] = [];
  for (const path of paths) {
    const found = await videosAt(path, inFolders);
    videos.push(...found);
    if (!isVideo(path)) photos.push(path);
  }
  return { photos, videos: [...new Set(videos)] };
}

/** Copies that an earlier `--draw` left in the folder are not photos of the album. */
async function listPhotos(given: readonly string[], drawings: Drawings | undefined): Promise<File[]> {
  const files: File[] = [];
  for await (const file of walkPhotos(given)) {
    const drawn = drawings && !given.includes(file.path) && (await isDrawn(drawings, file.path));
    if (!drawn) files.push(file);
  }
  return files;
}

/** Keeps the order of what was given, with what could not be found among what could. */
async function* identifyFiles(
  files: readonly File[],
  run: (paths: Iterable<string>) => AsyncGenerator<IdentifiedPhoto>,
): AsyncGenerator<IdentifiedPhoto> {
  const found = run(files.flatMap((file) => ('error' in file ? [] : [file.path])));
  for (const file of files) {
    if ('error' in file) yield file;
    else yield (await found.next()).value as IdentifiedPhoto;
  }
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
      box: boxJson(box),
      score: round(score, 4),
      quality: round(quality, 4),
      ...decisionJson(decision),
    })),
  };
}

function fraction(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('Give a probability between 0 and 1.');
  return value;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value > 0))
    throw new InvalidArgumentError('Give a whole number from 1 up.');
  return value;
}

/** `90`, `1:30`, `0:01:30.5`. */
function moment(text: string): number {
  const parts = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)$/.exec(text);
  if (parts === null) throw new InvalidArgumentError('Give a time such as 90, 1:30 or 1:02:30.');
  const [, hours = 0, minutes = 0, seconds] = parts;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
