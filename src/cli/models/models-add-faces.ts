/** `whosin models add` and `pull` of embedders and detectors of faces. */

import { readConfig } from '../../config.ts';
import { addFaceDetector } from '../../faces/packs/add-face-detector.ts';
import type { AddFaceEmbedderOptions } from '../../faces/packs/add-face-embedder.ts';
import type { FaceDetectorPack } from '../../models/face-detector-pack.ts';
import { type FaceEmbedderPack, familyNames } from '../../models/face-embedder-pack.ts';
import { embedderSide } from '../../models/graph/onnx-embedder-parts.ts';
import { shown } from '../../report/words.ts';
import { out, print, progressBar, warnOfCache } from '../terminal/output.ts';
import { said } from './preparation-text.ts';

interface Given extends Pick<AddFaceEmbedderOptions, 'reference' | 'background' | 'licence' | 'preparation'> {
  readonly bgr: boolean;
}

export async function addEmbedder(
  name: string,
  file: string,
  { bgr, preparation, ...given }: Given,
): Promise<void> {
  // The fit brings a library of matrices along, which no other command should wait for.
  const { addFaceEmbedder } = await import('../../faces/packs/add-face-embedder.ts');
  const bar = progressBar('Reading the reference');
  const pack = await addFaceEmbedder(readConfig(), name, file, {
    ...given,
    preparation: { ...preparation, ...(bgr && { order: 'bgr' }) },
    onPhoto: (done, total = done) => bar.update(done, total),
    onCacheFailure: warnOfCache,
  }).finally(() => bar.stop());
  print(`Added ${out.bold(name)}: an embedder of faces, ${familyNames[pack.parts.family]}.`);
  sayEmbedder(pack);
}

export async function addDetector(name: string, file: string, licence: string | undefined): Promise<void> {
  const pack = await addFaceDetector(readConfig(), name, file, { licence });
  print(`Added ${out.bold(name)}: a detector of faces, YuNet.`);
  sayDetector(pack);
}

export function sayDetector({ name, parts: { input, canvas }, licence }: FaceDetectorPack): void {
  const size = canvas ? `tiles of ${canvas.width}×${canvas.height}` : 'photos of any size';
  print(`  input       ${shown(input)}, ${size}, range 0..255, blue first`);
  print(`  licence     ${shown(licence)}`);
  print(`Find faces with it: whosin train photos/ --detector ${name} -o people.onnx`);
}

export function sayEmbedder({ name, parts, licence, reference, space }: FaceEmbedderPack): void {
  const order = parts.preparation.order === 'bgr' ? ', blue first' : '';
  print(
    `  input       ${shown(parts.input)}, ${embedderSide}×${embedderSide}, ${said(parts.preparation)}${order}`,
  );
  print(`  embedding   ${shown(parts.output)}, ${parts.size} values, space ${space}`);
  print(`  odds        ${shown(reference)}`);
  print(`  licence     ${shown(licence)}`);
  print(`Train people with it: whosin train photos/ -m ${name} -o people.onnx`);
}
