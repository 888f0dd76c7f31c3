/** `pack.json` of a model of faces that was added: what is read of it is believed only where it makes sense. */

import { reasonOf, WhosinError } from '../errors.ts';
import type { FolderFile } from './pack.ts';
import { type Fields, fieldsOf, fileOf } from './picture-pack-file.ts';

const schema = 1;

export interface FacePackFile {
  readonly fields: Fields;
  text(field: string): string;
  /** A file of the pack. */
  file(field: string): FolderFile;
  /** The value, if there is one. */
  or<T>(value: T | undefined, field: string): T;
}

export function writeFacePackFile(kind: string, fields: Fields): string {
  return `${JSON.stringify({ schema, kind, ...fields }, undefined, 1)}\n`;
}

/**
 * @param folder the folder of the file, which its paths are below
 * @returns undefined where it is a pack of another kind
 * @throws WhosinError `bad-weights` naming the field that makes no sense, also from what is returned
 */
export function readFacePackFile(
  kind: string,
  json: string,
  folder: string,
  path: string,
): FacePackFile | undefined {
  const bad = (what: string): WhosinError =>
    new WhosinError(
      'bad-weights',
      `${path} is damaged: ${what}. Remove the model (whosin models remove) and add it again.`,
    );
  let fields: Fields;
  try {
    fields = fieldsOf(JSON.parse(json));
  } catch (error) {
    throw bad(reasonOf(error));
  }
  if (fields['kind'] !== kind) return undefined;
  const or = <T>(value: T | undefined, field: string): T => {
    if (value === undefined) throw bad(`its "${field}" makes no sense`);
    return value;
  };
  if (fields['schema'] !== schema) throw bad('its "schema" makes no sense');
  return {
    fields,
    or,
    text(field) {
      const value = fields[field];
      return or(typeof value === 'string' ? value : undefined, field);
    },
    file: (field) => or(fileOf(fieldsOf(fields[field]), folder), field),
  };
}

/** As it is written: where the folder is, its own place says. */
export function namedFile({ path, sha256 }: FolderFile): object {
  return { path, sha256 };
}
