/** Begins work on photos of a folder, named or dropped, and shows its job. */

import { useState } from 'preact/hooks';
import type { Job } from './api.ts';
import { jobs } from './changes.ts';
import { upload } from './dropped.ts';
import type { Source } from './parts/folder-source.tsx';
import { go } from './route.ts';
import { told } from './said.ts';
import { count } from './words.ts';

export type From = { readonly folder: string } | { readonly drop: string };

export function useBegin(): {
  /** In words, while it is being begun. */
  readonly busy: string | undefined;
  /** @param start asks the server for the job */
  readonly begin: (source: Source | undefined, start: (from: From) => Promise<Job>) => Promise<void>;
} {
  const [busy, setBusy] = useState<string>();
  const sent = (done: number, total: number): void =>
    setBusy(`Sending ${done} of ${count(total, 'picture')} …`);
  const begin = async (source: Source | undefined, start: (from: From) => Promise<Job>): Promise<void> => {
    if (source === undefined || busy !== undefined) return;
    setBusy('Starting …');
    try {
      const job = await start(
        'folder' in source ? { folder: source.folder.trim() } : { drop: await upload(source.labels, sent) },
      );
      if (!jobs.value.some((one) => one.id === job.id)) jobs.value = [job, ...jobs.value];
      go(`/teach/jobs/${job.id}`);
    } catch (error) {
      told(error);
    } finally {
      setBusy(undefined);
    }
  };
  return { busy, begin };
}
