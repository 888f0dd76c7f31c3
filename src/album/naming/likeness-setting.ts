/** How the odds of this album are read: how many people there are, and what odds come to among them. */

import type { Tables } from '../../catalog/catalog.ts';
import { type LikenessSetting, uncalibrated } from '../../faces/people/likeness.ts';

/** As it is stored. */
export interface Calibration {
  readonly scale: number;
  readonly offset: number;
  /** So many faces were confirmed when it was fitted. */
  readonly faces: number;
}

const key = 'recalibration';

export async function likenessSetting(tables: Tables): Promise<LikenessSetting> {
  return {
    people: await tables.people.count(),
    recalibration: (await calibrationOf(tables)) ?? uncalibrated,
  };
}

export async function calibrationOf({ meta }: Tables): Promise<Calibration | undefined> {
  const stored = await meta.get(key);
  return stored === undefined ? undefined : (JSON.parse(stored) as Calibration);
}

export async function setCalibration({ meta }: Tables, calibration: Calibration): Promise<void> {
  await meta.set(key, JSON.stringify(calibration));
}
