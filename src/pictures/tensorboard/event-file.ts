/** A run as TensorBoard shows it: one event file in a folder of its own for each curve. */

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openAppendFile } from '../../runtime/append-file.ts';
import {
  eventFileName,
  graphRecord,
  type SummaryValue,
  summaryRecord,
  versionRecord,
} from './tensorboard-events.ts';

export interface EventFile {
  add(step: number, values: readonly SummaryValue[]): Promise<void>;
  /** @param graph bytes of a GraphDef */
  addGraph(graph: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * Takes the place of what an earlier run of whosin left there, because TensorBoard draws all files of a folder
 * into one curve. Whatever else lies there stays (retrain.py deletes the whole folder).
 *
 * @param now seconds since 1970
 * @throws WhosinError `cannot-write`
 */
export async function openEventFile(folder: string, now: () => number): Promise<EventFile> {
  const old = (await readdir(folder).catch(() => [])).filter((name) =>
    /^events\.out\.tfevents\.\d+\.whosin$/.test(name),
  );
  const start = now();
  const file = await openAppendFile(join(folder, eventFileName(start)));
  for (const name of old) if (name !== eventFileName(start)) await rm(join(folder, name), { force: true });
  await file.append(versionRecord(start));
  return {
    add: (step, values) => file.append(summaryRecord(now(), step, values)),
    addGraph: (graph) => file.append(graphRecord(now(), graph)),
    close: () => file.close(),
  };
}
