/** `whosin classify clip.mp4`: what is in a video, and when. */

import { basename } from 'node:path';
import type { Config } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import type { PictureClassifier } from '../../pictures/classifier.ts';
import { round } from '../../report/decision-json.ts';
import { cutOffMessage } from '../../report/video-json.ts';
import { clock, probability, shown } from '../../report/words.ts';
import { type ClassifiedVideo, classifyVideo, type LabelLook } from '../../video/classify-video.ts';
import { untilInterrupted } from '../terminal/interrupt.ts';
import { err, isOutputClosed, note, out, print } from '../terminal/output.ts';
import { timed } from '../terminal/timed.ts';
import { videoFaults } from '../terminal/video-arguments.ts';

export interface ClassifyVideosOptions {
  readonly minScore?: number | undefined;
  readonly top: number;
  readonly every?: number | undefined;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  /** The labels of each single frame are printed too. */
  readonly frames: boolean;
  readonly json: boolean;
}

/** A label of a softmax is likelier than all others together; things are as sure as in a photo. */
const usualScore = { labels: 0.5, things: 0.3 } as const;

/** A video that cannot be read is said, and the rest goes on. @returns how many could not be */
export async function classifyVideos(
  files: readonly string[],
  model: PictureClassifier,
  { minScore, top, every, start, end, frames, json }: ClassifyVideosOptions,
  config: Config,
): Promise<number> {
  const usual = model.probabilities === undefined ? usualScore.things : usualScore.labels;
  return untilInterrupted(async (signal) => {
    let failed = 0;
    for (const path of files) {
      if (isOutputClosed()) break;
      const sayLook = (look: LabelLook): void => {
        if (json) print(JSON.stringify(lookJson(path, look, top)));
        else print(lookLine(look, top));
      };
      const options = {
        ...(every !== undefined && { every }),
        ...(start !== undefined && { start }),
        ...(end !== undefined && { end }),
        ...(frames && { onLook: sayLook }),
      };
      try {
        const video = await timed(`Classifying ${shown(basename(path))}`, (onProgress) =>
          classifyVideo(path, model, config, { ...options, minScore: minScore ?? usual, signal, onProgress }),
        );
        if (json) print(JSON.stringify(videoJson(video)));
        else sayVideo(video);
        if (video.cutOff === undefined) continue;
        failed++;
        note(`${err.red('error:')} ${shown(cutOffMessage(video))}`);
      } catch (error) {
        if (!(error instanceof WhosinError) || !videoFaults.has(error.code)) throw error;
        failed++;
        note(`${err.red('error:')} ${shown(error.message)}`);
        const { code, message } = error;
        if (json) print(JSON.stringify({ schema: 1, file: path, labels: [], error: { code, message } }));
      }
    }
    return failed;
  });
}

function sayVideo({ path, read, spans }: ClassifiedVideo): void {
  const labels = [...new Set(spans.map(({ label }) => label))];
  const what = labels.length === 0 ? 'nothing sure enough' : labels.map(shown).join(', ');
  print(`${out.bold(shown(path))}: ${clock(read.to - read.from)}: ${what}`);
  for (const { label, from, to, probability: score, best } of spans) {
    const span = `${clock(from)}-${clock(to)}`.padEnd(13);
    print(
      `  ${shown(label).padEnd(24)} ${span} ${out.dim(`(${probability(score)}, best at ${clock(best)})`)}`,
    );
  }
}

function likeliest({ scores }: LabelLook, top: number): readonly (readonly [string, number])[] {
  return [...scores].toSorted((a, b) => b[1] - a[1]).slice(0, top);
}

function lookLine(look: LabelLook, top: number): string {
  const said = likeliest(look, top).map(([label, score]) => `${shown(label)} ${probability(score)}`);
  return `  ${clock(look.time, 3)}  frame ${String(look.index).padEnd(6)} ${said.length === 0 ? '–' : said.join(', ')}`;
}

/** The documented forms, schema 1; times in seconds. */
function lookJson(path: string, look: LabelLook, top: number): object {
  const labels = likeliest(look, top).map(([label, score]) => ({ label, score: round(score, 6) }));
  return { schema: 1, file: path, frame: look.index, time: round(look.time, 3), labels };
}

function videoJson(video: ClassifiedVideo): object {
  const { path, duration, read, spans, cutOff } = video;
  return {
    schema: 1,
    file: path,
    duration: duration === null ? null : round(duration, 3),
    read: { from: round(read.from, 3), to: round(read.to, 3), looked: read.looked },
    labels: spans.map(({ label, from, to, probability: score, best: at }) => ({
      label,
      from: round(from, 3),
      to: round(to, 3),
      score: round(score, 6),
      best: round(at, 3),
    })),
    ...(cutOff !== undefined && { error: { code: 'damaged-video', message: cutOffMessage(video) } }),
  };
}
