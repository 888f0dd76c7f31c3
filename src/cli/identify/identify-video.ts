/** The videos that `whosin identify` was given: time lines, frames, drawn clips and the report. */

import { stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Config } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import type { Faces } from '../../faces/open-faces.ts';
import type { PeopleModel } from '../../faces/people/model-file.ts';
import { cutOffMessage, failedVideoJson, lookJson, videoJson } from '../../report/video-json.ts';
import { videoPage } from '../../report/video-page.ts';
import { shown } from '../../report/words.ts';
import { checkWritable, writeFileAtomically } from '../../runtime/atomic-file.ts';
import { drawVideo, isDrawnClip, isDrawnInto } from '../../video/draw-video.ts';
import type { IdentifiedVideo } from '../../video/identified-video.ts';
import { identifyVideo } from '../../video/identify-video.ts';
import { copyPlaces, isInside } from '../copy-places.ts';
import { makeDrawingFolder } from '../draw.ts';
import { untilInterrupted } from '../terminal/interrupt.ts';
import { err, isOutputClosed, note, print } from '../terminal/output.ts';
import { timed } from '../terminal/timed.ts';
import { videoFaults } from '../terminal/video-arguments.ts';
import { labelsOf } from './draw-labels.ts';
import { sayLook, sayVideo } from './video-text.ts';

export interface VideoSettings {
  readonly allowRepeats: boolean;
  readonly draw?: string;
  /** The folders, patterns and files that the videos were found by. */
  readonly given: readonly string[];
  readonly every?: number;
  readonly start?: number;
  readonly end?: number;
  readonly frames: boolean;
  readonly json: boolean;
  readonly report?: string;
}

export interface VideoTotals {
  readonly videos: number;
  readonly failed: number;
}

export { isDrawnInto };

/** A video that cannot be read is said, and the rest goes on. Ctrl-C leaves nothing half-written. */
export async function identifyVideos(
  files: readonly string[],
  model: PeopleModel,
  faces: Faces,
  settings: VideoSettings,
  config: Config,
): Promise<VideoTotals> {
  const { draw, report } = settings;
  if (draw !== undefined && isDrawnInto(draw) && files.length > 1) {
    throw new WhosinError(
      'usage',
      `--draw ${draw} is one clip, and there are ${files.length}: name a folder.`,
    );
  }
  if (report !== undefined) await checkWritable(report);
  const place = copyPlaces(settings.given, files);
  return untilInterrupted(async (signal) => {
    const done: IdentifiedVideo[] = [];
    let failed = 0;
    for (const path of files) {
      // A clip that an earlier run drew into the folder is none of the person's own.
      const copied = draw !== undefined && isInside(draw, path);
      if (copied && (await isDrawnClip(path, config))) continue;
      if (isOutputClosed() && draw === undefined && report === undefined) break;
      const video = await oneVideo(path, place(path), model, faces, config, settings, signal).catch(
        (error: unknown) => {
          if (!(error instanceof WhosinError) || !videoFaults.has(error.code)) throw error;
          note(`${err.red('error:')} ${shown(error.message)}`);
          if (settings.json) print(JSON.stringify(failedVideoJson(path, error)));
          failed++;
        },
      );
      if (video === undefined) continue;
      done.push(video.identified);
      if (video.identified.cutOff !== undefined || !video.drawn) failed++;
    }
    if (report !== undefined && done.length > 0) await writeFileAtomically(report, videoPage(done, report));
    return { videos: files.length, failed };
  });
}

async function oneVideo(
  path: string,
  place: string,
  model: PeopleModel,
  faces: Faces,
  config: Config,
  settings: VideoSettings,
  signal: AbortSignal,
): Promise<{ readonly identified: IdentifiedVideo; readonly drawn: boolean }> {
  const { every, start, end, allowRepeats, frames, json, draw } = settings;
  const range = { ...(start !== undefined && { start }), ...(end !== undefined && { end }), signal };
  const identified = await timed(`Identifying ${shown(basename(path))}`, (onProgress) =>
    identifyVideo(path, model, faces, config, {
      ...range,
      ...(every !== undefined && { every }),
      allowRepeats,
      frames,
      onProgress,
    }),
  );
  if (identified.cutOff !== undefined) note(`${err.red('error:')} ${shown(cutOffMessage(identified))}`);
  for (const look of identified.looks) {
    if (json) print(JSON.stringify(lookJson(path, look)));
    else sayLook(look);
  }
  if (json) print(JSON.stringify(videoJson(identified)));
  else sayVideo(identified);
  if (draw === undefined) return { identified, drawn: true };
  try {
    const target = isDrawnInto(draw) ? draw : await freePath(join(draw, place), path);
    const labels = labelsOf(identified);
    await timed(`Drawing ${shown(basename(target))}`, (onProgress) =>
      drawVideo(path, target, labels, config, { ...range, onProgress }),
    );
    note(err.dim(`Drawn: ${shown(target)}`));
    return { identified, drawn: true };
  } catch (error) {
    if (!(error instanceof WhosinError) || error.code !== 'cannot-write') throw error;
    note(`${err.red('error:')} ${shown(error.message)}`);
    return { identified, drawn: false };
  }
}

/** A clip that is there already is never written over. */
async function freePath(folder: string, video: string): Promise<string> {
  await makeDrawingFolder(folder);
  const stem = basename(video, extname(video));
  for (let n = 1; ; n++) {
    const path = join(folder, `${stem}-whosin${n === 1 ? '' : `-${n}`}.mp4`);
    if ((await stat(path).catch(() => undefined)) === undefined) return path;
  }
}
