/** The stages of long work in words. */

import type { Job } from './api.ts';
import { count } from './words.ts';

const stages: Readonly<Record<string, string>> = {
  look: 'Looking for photos',
  read: 'Reading photos',
  group: 'Grouping faces',
  choose: 'Finding each person',
  measure: 'Learning without the held-out photos',
  enrol: 'Learning all photos',
  fit: 'Fitting the layer',
  calibrate: 'Fitting the probabilities',
};

/** `Reading photos: 12 of 240 files` */
export function stageOf({ progress, state }: Pick<Job, 'progress' | 'state'>): string {
  if (progress === null) return state === 'queued' ? 'Waiting' : 'Starting';
  const { stage, done, total } = progress;
  const name = stages[stage] ?? stage;
  if (stage === 'look') return `${name}: ${count(done, 'file')}`;
  if (total === 0) return name;
  return `${name}: ${done.toLocaleString('en')} of ${count(total, unitOf(stage))}`;
}

function unitOf(stage: string): string {
  if (stage === 'fit') return 'step';
  return stage === 'read' ? 'file' : 'face';
}
