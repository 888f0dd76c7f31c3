/** What `whosin collect` and its sub-commands share. */

import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { type LookAt, lookAtThing, lookForFaces } from '../../collect/look.ts';
import { readConfig } from '../../config.ts';
import { type Faces, openFaces } from '../../faces/open-faces.ts';
import { type ContentHashes, openContentHashes } from '../../photos/content-hashes.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import { err, note, warnOfCache } from '../terminal/output.ts';

/** Below 32 pixels recognition falls off (Li et al., "On Low-Resolution Face Recognition in the Wild", 2019). */
export const smallestFace = 32;

export interface Viewer {
  readonly lookAt: LookAt;
  readonly background?: Faces['background'];
  close(): Promise<void>;
}

/** Networks for people; for things, nothing but the decoder. */
export async function openViewer(things: boolean): Promise<Viewer> {
  if (things) return { lookAt: lookAtThing, close: async () => {} };
  const faces = await openFaces({ onCacheFailure: warnOfCache });
  return { lookAt: lookForFaces(faces), background: faces.background, close: () => faces.close() };
}

/** What is known of files from earlier commands. */
export function openHashes(): ContentHashes {
  return openContentHashes(readConfig().home, writeFileAtomically);
}

export function noteWaiting(): void {
  note('The folder is in use, or was a moment ago: waiting …');
}

/** Names the program and, where given, whom to write to: services ask for it, Wikimedia refuses without. */
export function userAgent(contact: string | undefined): string {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return contact === undefined ? `whosin/${version}` : `whosin/${version} (${contact})`;
}

export function noteProxies(): void {
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];
  const set = names.find((name) => process.env[name]);
  if (set === undefined) return;
  note(
    err.yellow(
      `${set} is set and not used: behind a proxy it cannot be checked which machine an address leads to.`,
    ),
  );
}

/** A header is one line of plain characters. */
export function contactText(text: string): string {
  if (!/^[\x20-\x27\x2a-\x7e]{3,200}$/.test(text)) {
    throw new InvalidArgumentError('Give an e-mail address or the address of a page.');
  }
  return text;
}

export function positive(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

export function wholePositive(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('Give a whole number from 1 up.');
  return value;
}
