/** The commands that look at videos share this: which ones are meant, and which part of them. */

import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { Config } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import { kindOfFile } from '../../photos/file-signature.ts';
import { isVideo, videosAt } from '../../photos/photo-files.ts';
import type { Given } from './photo-arguments.ts';

/**
 * Videos are told by their names; a file that is named and begins as no photo does is shown to ffprobe. Folders are looked
 * through for them only where that is asked for.
 */
export async function videosAmong(
  given: readonly Given[],
  inFolders: boolean,
  config: Config,
): Promise<{ readonly photos: readonly Given[]; readonly videos: readonly string[] }> {
  const videos = new Set<string>();
  const photos: Given[] = [];
  for (const one of given) {
    const path = typeof one === 'string' ? one : undefined;
    if (path !== undefined) for (const found of await videosAt(path, inFolders)) videos.add(found);
    if (path !== undefined && isVideo(path)) continue;
    if (path !== undefined && (await isNamelessVideo(path, config))) videos.add(path);
    else photos.push(one);
  }
  return { photos, videos: [...videos] };
}

async function isNamelessVideo(path: string, config: Config): Promise<boolean> {
  const kind = await kindOfFile(path);
  if (kind === 'photo' || kind === 'none') return false;
  const { probeVideo } = await import('../../video/probe.ts');
  return probeVideo(path, config).then(
    () => true,
    // A file that begins as a video gets a message of its own; any other one is reported as no photo.
    () => kind === 'video',
  );
}

/** An option that would be passed over in silence is refused: the person expects something of it. */
export function refuseVideoOptions(
  given: Readonly<Record<string, unknown>>,
  videos: readonly string[],
): void {
  if (videos.length > 0) return;
  for (const name of ['every', 'start', 'end', 'frames', 'report']) {
    if (given[name] !== undefined)
      throw new WhosinError(
        'usage',
        `--${name} is for videos, and none was given; folders are searched for them with --videos.`,
      );
  }
}

/** `90`, `1:30`, `0:01:30.5`. */
export function moment(text: string): number {
  const parts = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)$/.exec(text);
  if (parts === null) throw new InvalidArgumentError('Give a time such as 90, 1:30 or 1:02:30.');
  const [, hours = 0, minutes = 0, seconds] = parts;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

export function refuseVideoRange({ start, end }: { readonly start?: number; readonly end?: number }): void {
  if ((end ?? Number.POSITIVE_INFINITY) > (start ?? 0)) return;
  throw new WhosinError('usage', '--end has to lie after --start.');
}

/** Codes of errors that one video can have while the next one is fine. */
export const videoFaults = new Set(['not-found', 'not-a-video', 'damaged-video']);
