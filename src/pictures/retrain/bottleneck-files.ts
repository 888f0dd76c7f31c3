/**
 * The bottleneck files of retrain.py, which it and whosin can take over from each other:
 * `<bottleneck_dir>/<folder>/<photo>_<architecture>.txt` with the values as text, separated by commas.
 */

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';

export function bottleneckPath(folder: string, label: string, file: string, architecture: string): string {
  return join(folder, label, `${file}_${architecture}.txt`);
}

/**
 * Nothing if there is no such file, it is damaged, or the photo was changed after it was written
 * (retrain.py does not notice that).
 */
export async function readBottleneck(
  path: string,
  size: number,
  photo: string,
): Promise<Float32Array | undefined> {
  try {
    const [written, changed] = await Promise.all([stat(path), stat(photo)]);
    if (changed.mtimeMs > written.mtimeMs) return undefined;
    return parseBottleneck(await readFile(path, 'utf8'), size);
  } catch {
    return undefined;
  }
}

export async function writeBottleneck(path: string, values: Float32Array): Promise<void> {
  await writeFileAtomically(path, formatBottleneck(values));
}

export function parseBottleneck(text: string, size: number): Float32Array | undefined {
  const values = text.split(',').map((value) => (value.trim() === '' ? Number.NaN : Number(value)));
  return values.length === size && values.every(Number.isFinite) ? Float32Array.from(values) : undefined;
}

export function formatBottleneck(values: Float32Array): string {
  return Array.from(values, shortest).join(',');
}

/** The fewest digits that tell a number of single precision from its neighbours, as NumPy writes them. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}
