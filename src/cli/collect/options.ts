/** Options that `whosin collect` and its sub-commands share. */

import { InvalidArgumentError } from '@commander-js/extra-typings';
import { type LookAt, lookAtThing, lookForFaces } from '../../collect/look.ts';
import type { Config } from '../../config.ts';
import { type Faces, openFaces } from '../../faces/open-faces.ts';
import { type ContentHashes, openContentHashes } from '../../photos/content-hashes.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import { ownPackage } from '../../runtime/own-files.ts';
import { err, note, warnNotKept } from '../terminal/output.ts';

/** Below 32 pixels recognition falls off (Li et al., "On Low-Resolution Face Recognition in the Wild", 2019). */
export const smallestFace = 32;

export interface Viewer {
  readonly lookAt: LookAt;
  readonly people?: Faces;
  close(): Promise<void>;
}

/** Networks for people; for things, nothing but the decoder. */
export async function openViewer(things: boolean, config: Config): Promise<Viewer> {
  if (things) return { lookAt: lookAtThing, close: async () => {} };
  const faces = await openFaces({ config, onCacheFailure: warnNotKept });
  return { lookAt: lookForFaces(faces), people: faces, close: () => faces.close() };
}

/** The hashes of files that earlier commands read. */
export function openHashes({ home }: Config): ContentHashes {
  return openContentHashes(home, writeFileAtomically);
}

export function noteWaiting(): void {
  note('The folder is in use, or was a moment ago: waiting …');
}

/** Names the program and, where given, whom to write to: services ask for it, Wikimedia refuses without. */
export function userAgent(contact: string | undefined): string {
  const { version } = ownPackage();
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
