/** Photos in the body of a request: read as they come, and cut off at their limits. */

import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { reasonOf, WhosinError } from '../errors.ts';
import type { NamedBytes } from '../photos/photo-input.ts';
import { HttpProblem } from './problems.ts';

/** Bytes; a photo of 100 megapixels has less. */
export const largestPhoto = 64 * 1024 * 1024;
const largestUpload = 256 * 1024 * 1024;
export const mostPhotos = 32;
/** Names and boundaries between the photos. */
const besides = 1024 * 1024;

/** As many as the request says to have, or may have. */
export function bytesOf({ headers }: FastifyRequest): number {
  const said = headers['content-length'];
  return said === undefined ? largestUpload : Math.min(Number(said), largestUpload);
}

/** A photo of a body; reading it throws 413 at the limit. */
export interface UploadedFile {
  readonly filename: string;
  readonly file: Readable;
}

/** In the order of the body. Throws as `readUpload` does, and `usage` for a body without photos. */
export function uploadedPhotos(request: FastifyRequest): Promise<readonly NamedBytes[]> {
  return readUpload(request, async (files) => {
    const photos: NamedBytes[] = [];
    for await (const { filename, file } of files) {
      const chunks: Buffer[] = [];
      for await (const chunk of file as AsyncIterable<Buffer>) chunks.push(chunk);
      photos.push({ name: filename || `photo ${photos.length + 1}`, bytes: Buffer.concat(chunks) });
    }
    if (photos.length === 0) throw new WhosinError('usage', 'The request holds no photo.');
    return photos;
  });
}

/** Throws what `read` throws, `usage` for a body that is not whole, 415 for another kind, 413 for what is too large. */
export async function readUpload<T>(
  request: FastifyRequest,
  read: (files: AsyncIterable<UploadedFile>) => Promise<T>,
): Promise<T> {
  if (!request.isMultipart()) {
    throw new HttpProblem(
      415,
      'not-accepted',
      'Send photos as multipart/form-data, as in: curl -F photo=@party.jpg …',
    );
  }
  const whole = `the photos of a request have at most ${megabytes(largestUpload)}`;
  if (Number(request.headers['content-length'] ?? 0) > largestUpload + besides) throw tooLarge(whole);
  try {
    return await Promise.race([
      read(filesOf(request)),
      after(request, largestUpload + besides, tooLarge(whole)),
    ]);
  } catch (error) {
    const isKnown = error instanceof WhosinError || error instanceof HttpProblem;
    if (isKnown || (error as { statusCode?: number }).statusCode !== undefined) throw error;
    throw new WhosinError('usage', `The body is no whole multipart/form-data: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

async function* filesOf(request: FastifyRequest): AsyncGenerator<UploadedFile> {
  for await (const { filename, file } of request.files()) {
    // The library reads on to the end of a photo that is cut off; there may be none.
    const large = tooLarge(`a photo has at most ${megabytes(largestPhoto)}`);
    file.once('limit', () => file.destroy(large));
    yield { filename, file };
  }
}

/** Throws it once so many bytes of the body have come. */
function after({ raw }: FastifyRequest, bytes: number, problem: HttpProblem): Promise<never> {
  let come = 0;
  return new Promise((_resolve, reject) => {
    raw.on('data', (chunk: Buffer) => {
      come += chunk.length;
      if (come > bytes) reject(problem);
    });
  });
}

/** Who goes on sending is cut off after a while; to hang up at once would take the answer from them. */
function tooLarge(limit: string): HttpProblem {
  return new HttpProblem(413, 'too-large', `The upload is too large: ${limit}.`);
}

function megabytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MB`;
}
