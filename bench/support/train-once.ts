/** Trains on a folder and prints as JSON how long each part took, and how long the longest silence was. */

import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openFaces } from '../../src/faces/open-faces.ts';
import { savePeopleModel } from '../../src/faces/people/people-model.ts';

export interface TrainTimes {
  /** Seconds until the part after it was heard of, by its name. */
  readonly parts: Readonly<Record<string, number>>;
  /** Seconds without a word. */
  readonly silence: number;
}

const [folder, home] = process.argv.slice(2) as [string, string];
const parts: Record<string, number> = {};
let [silence, last, part] = [0, performance.now(), 'list'];
function heard(next: string): void {
  const now = performance.now();
  const passed = (now - last) / 1000;
  parts[part] = (parts[part] ?? 0) + passed;
  silence = Math.max(silence, passed);
  [last, part] = [now, next];
}

const faces = await openFaces({ config: { home, threads: Number(process.env['WHOSIN_THREADS'] ?? 2) } });
const { model } = await faces.train(folder, {
  onProgress: () => heard('read'),
  onFaces: () => heard('group'),
  onTried: () => heard('fit the head'),
  onWork: (name) => heard(name),
});
heard('write');
await savePeopleModel(join(home, 'people.onnx'), model);
heard('end');
await faces.close();
console.log(JSON.stringify({ parts, silence } satisfies TrainTimes));
