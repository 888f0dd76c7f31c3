/** `whosin models add --as face-embedder`. */

import { readConfig } from '../config.ts';
import type { AddFaceEmbedderOptions } from '../faces/add-face-embedder.ts';
import { familyNames } from '../models/face-embedder-pack.ts';
import { embedderSide } from '../models/graph/onnx-embedder-parts.ts';
import { out, print, progressBar, shown, warnOfCache } from './output.ts';
import { said } from './preparation-text.ts';

interface Given extends Pick<AddFaceEmbedderOptions, 'reference' | 'background' | 'licence' | 'preparation'> {
  readonly bgr: boolean;
}

export async function addFaces(
  name: string,
  file: string,
  { bgr, preparation, ...given }: Given,
): Promise<void> {
  // The fit brings a library of matrices along, which no other command should wait for.
  const { addFaceEmbedder } = await import('../faces/add-face-embedder.ts');
  const bar = progressBar('Reading the reference');
  const pack = await addFaceEmbedder(readConfig(), name, file, {
    ...given,
    preparation: { ...preparation, ...(bgr && { order: 'bgr' }) },
    onPhoto: (done, total) => bar.update(done, total),
    onCacheFailure: warnOfCache,
  }).finally(() => bar.stop());
  const { parts, licence, reference, space } = pack;
  const order = parts.preparation.order === 'bgr' ? ', blue first' : '';
  print(`Added ${out.bold(name)}: an embedder of faces, ${familyNames[parts.family]}.`);
  print(
    `  input       ${shown(parts.input)}, ${embedderSide}×${embedderSide}, ${said(parts.preparation)}${order}`,
  );
  print(`  embedding   ${shown(parts.output)}, ${parts.size} values, space ${space}`);
  print(`  odds        ${shown(reference)}`);
  print(`  licence     ${shown(licence)}`);
  print(`Train people with it: whosin train photos/ -m ${name} -o people.onnx`);
}
