/** The server, as the screens ask it. */

import { type Answer, openClient, type paths } from '../../src/client/client.ts';

export type { Answer };

export const client = openClient();

export type Face = Answer<'Face'>;
export type AlbumFace = Answer<'AlbumFace'>;
export type Person = Answer<'Person'>;
export type Group = Answer<'Group'>;
export type Question = Answer<'Questions'>['questions'][number];
export type Job = Answer<'Job'>;
export type Said = Answer<'Said'>;
export type FoundPhoto = Answer<'FoundPhoto'>;
export type AlbumPhoto = Answer<'AlbumPhoto'>;
export type Facet = Answer<'Facet'>;
export type Track = Answer<'Tracks'>['tracks'][number];
export type Why = Answer<'Why'>;
export type Box = Face['box'];

/** A refusal in the server's own sentence. */
export class Refusal extends Error {
  readonly code: string;

  constructor({ code, detail }: { readonly code?: string; readonly detail?: string }) {
    super(detail ?? 'The server could not be reached: is `whosin serve` running?');
    this.code = code ?? 'unreachable';
  }
}

/** The answer, or the refusal thrown. */
export async function answered<T>(
  call: Promise<{ readonly data?: T; readonly error?: unknown }>,
): Promise<T> {
  const { data, error } = await call.catch(() => ({ data: undefined, error: {} }));
  if (data === undefined) throw new Refusal(error ?? {});
  return data;
}

export type Correction = NonNullable<
  paths['/api/v1/said']['post']['requestBody']
>['content']['application/json'];

export function correct(body: Correction): Promise<{ readonly said: number[] }> {
  return answered(client.POST('/api/v1/said', { body }));
}

export function facePicture(face: string): string {
  return `/api/v1/faces/${encodeURIComponent(face)}/picture`;
}

export function photoPicture(sha256: string, side: 256 | 512 | 1024 | 2048): string {
  return `/api/v1/photos/${sha256}/picture?side=${side}`;
}

export function photoFile(sha256: string): string {
  return `/api/v1/photos/${sha256}/file`;
}

/** The photo that a face is in. */
export function photoOf(face: string): string {
  return face.slice(0, 64);
}
