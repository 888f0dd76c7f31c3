/** Photos in the body of a request: read as they come, and cut off at their limits. */

import type { FastifyRequest } from 'fastify';
import { reasonOf, WhosinError } from '../errors.ts';
import type { NamedBytes } from '../photos/photo-input.ts';
import { HttpProblem } from './problems.ts';

/** Bytes; a photo of 100 megapixels has less. */
export const largestPhoto = 64 * 1024 * 1024;
const largestUpload = 256 * 1024 * 1024;
export const mostPhotos = 32;

/** In the order of the body. Throws `usage` for a body without photos, 413 for what is too large. */
export async function uploadedPhotos(request: FastifyRequest): Promise<readonly NamedBytes[]> {
  if (!request.isMultipart()) {
    throw new HttpProblem(
      415,
      'not-accepted',
      'Send photos as multipart/form-data, as in: curl -F photo=@party.jpg …',
    );
  }
  try {
    return await photosOf(request);
  } catch (error) {
    const isKnown = error instanceof WhosinError || error instanceof HttpProblem;
    if (isKnown || (error as { statusCode?: number }).statusCode !== undefined) throw error;
    throw new WhosinError('usage', `The body is no whole multipart/form-data: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

async function photosOf(request: FastifyRequest): Promise<readonly NamedBytes[]> {
  const photos: NamedBytes[] = [];
  let total = 0;
  for await (const part of request.files()) {
    const chunks: Buffer[] = [];
    for await (const chunk of part.file as AsyncIterable<Buffer>) {
      total += chunk.length;
      if (total > largestUpload)
        throw tooLarge(`the photos of a request at most ${megabytes(largestUpload)}`);
      chunks.push(chunk);
    }
    if (part.file.truncated) throw tooLarge(`a photo has at most ${megabytes(largestPhoto)}`);
    photos.push({ name: part.filename || `photo ${photos.length + 1}`, bytes: Buffer.concat(chunks) });
  }
  if (photos.length === 0) throw new WhosinError('usage', 'The request holds no photo.');
  return photos;
}

function tooLarge(limit: string): HttpProblem {
  return new HttpProblem(413, 'too-large', `The upload is too large: ${limit}.`);
}

function megabytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MB`;
}
