/** The argument `-`: a photo on standard input, or a list of paths. */

import { failure, WhosinError } from '../../errors.ts';
import { kindOfBytes } from '../../photos/file-signature.ts';
import { readToEnd } from '../../photos/photo-content.ts';
import type { PhotoFile } from '../../photos/photo-files.ts';

/** The name under which a photo on standard input is reported. */
export const standardInput = '<stdin>';

/** Linux takes no longer path (PATH_MAX). */
const longestPath = 4096;

/** The photo, or the paths; what is neither is reported, and the rest of the command line goes on. */
export async function readStandardInput(
  input: AsyncIterable<Uint8Array> = process.stdin,
): Promise<readonly (string | PhotoFile)[]> {
  try {
    const bytes = await readToEnd(input, standardInput);
    const kind = kindOfBytes(bytes);
    if (kind === 'photo') return [{ kind: 'bytes', path: standardInput, bytes }];
    if (kind === 'video') throw notAList('is a video: a video is read from a file, so name one');
    return pathsIn(bytes);
  } catch (error) {
    if (error instanceof WhosinError) return [failure(standardInput, error)];
    throw error;
  }
}

/**
 * One path a line, or parted by NUL as `find -print0` writes them; UTF-8, or UTF-16 with the mark that PowerShell puts
 * before it. Marks of the byte order are no part of a path.
 *
 * @throws WhosinError `not-a-photo` if most of it cannot be paths: each would be looked for as a file and a pattern
 */
export function pathsIn(bytes: Uint8Array): readonly string[] {
  const text = decode(bytes);
  const byNul = text.includes('\0');
  const paths = text
    .split(byNul ? '\0' : /\r?\n/)
    .map((path) => path.replace(/^\uFEFF/, ''))
    .filter((path) => path !== '');
  const strange = byNul ? /[^\P{Cc}\t\r\n]|\uFFFD/u : /[^\P{Cc}\t]|\uFFFD/u;
  const odd = paths.filter((path) => strange.test(path) || path.length > longestPath);
  if (odd.length > paths.length / 2) {
    throw notAList('is neither a photo nor a list of paths');
  }
  return paths;
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

function notAList(reason: string): WhosinError {
  return WhosinError.about('not-a-photo', standardInput, reason);
}
