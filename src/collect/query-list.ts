/** The list of names to collect photos of: one a line, each to become a folder. */

import { WhosinError } from '../errors.ts';
import { isHidden } from '../photos/photo-files.ts';

export interface Query {
  /** The name, and its folder's, exactly as it was written. */
  readonly name: string;
  /** The words that sources search for: the name, unless the line is `name | words`. */
  readonly words: string;
  /** An item of Wikidata, where the line says `name | Q41421`: of several people of one name, this one. */
  readonly item?: string;
}

/** Devices on Windows, whatever extension follows (Microsoft, "Naming Files, Paths, and Namespaces"). */
const devices = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** Folders that hold what was set aside. */
export const rejectedFolder = 'rejected';

const longestName = 120;

/** Bad lines are all named at once: a list is put right in one go. */
const shownFaults = 5;

/**
 * Reads a list: UTF-8 with or without byte order mark, any line ends, `#` begins a comment line, empty lines and
 * repeated names are passed over.
 *
 * @param file for messages
 * @throws WhosinError `usage` with the lines that cannot be folders
 */
export function readQueryList(bytes: Uint8Array, file: string): Query[] {
  const queries = new Map<string, Query>();
  const faults: string[] = [];
  for (const [i, raw] of decode(bytes, file)
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [name, words = ''] = splitOnce(line);
    const reason = whyUnsafe(name);
    // Systems differ in which of such names are one folder.
    const key = name.normalize('NFC').toLowerCase();
    const twin = queries.get(key);
    if (reason !== undefined) faults.push(`line ${i + 1} ("${name.slice(0, 40)}") ${reason}`);
    else if (twin && twin.name !== name) {
      faults.push(`line ${i + 1} ("${name}") and "${twin.name}" would be one folder on some systems`);
    } else if (!twin) queries.set(key, queryOf(name, words));
  }
  if (faults.length > 0) {
    const more = faults.length > shownFaults ? `; and ${faults.length - shownFaults} more` : '';
    throw new WhosinError('usage', `${file}: ${faults.slice(0, shownFaults).join('; ')}${more}.`);
  }
  if (queries.size === 0) throw new WhosinError('usage', `${file} names nobody: write one name a line.`);
  return [...queries.values()];
}

function queryOf(name: string, words: string): Query {
  if (/^Q[1-9]\d*$/.test(words)) return { name, words: name, item: words };
  return { name, words: words === '' ? name : words };
}

/** A bar cannot be in a folder's name on Windows, so it is free to part the name from the words. */
function splitOnce(line: string): [name: string, words?: string] {
  const at = line.indexOf('|');
  return at < 0 ? [line] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new WhosinError('usage', `${file} is not a UTF-8 text: save it as UTF-8.`, { cause: error });
  }
}

/** Why a name cannot be a folder on every system, or undefined if it can. */
function whyUnsafe(name: string): string | undefined {
  if (name === '') return 'has no name';
  if (name === '.' || name === '..' || /[/\\]/.test(name)) return 'would leave the folder';
  if (/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(name)) return 'holds characters that cannot be seen';
  if (/[<>:"|?*]/.test(name))
    return 'holds one of < > : " | ? *, which cannot be in the name of a folder on Windows';
  if (devices.test(name)) return 'is the name of a device on Windows';
  if (/[. ]$/.test(name)) return 'ends with a dot, which Windows drops';
  if (isHidden(name)) return 'would be a hidden or a system folder';
  if (name.toLowerCase() === rejectedFolder) return 'is where photos that were set aside lie';
  if (Buffer.byteLength(name) > longestName) return `is longer than ${longestName} bytes`;
  return undefined;
}
