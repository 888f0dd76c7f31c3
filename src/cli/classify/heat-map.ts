/** An occlusion map as a heat map with its words, and in words alone. */

import type { OcclusionMap } from '../../pictures/explain.ts';
import { probability } from '../../report/words.ts';
import type { HeatMap } from '../../runtime/draw-heat-map.ts';

/** A label that loses less than this wherever it is covered hangs on no single place: its map stays dark. */
const leastFall = 0.05;

export function heatMapOf({ label, probability: p, drops }: OcclusionMap, model: string): HeatMap {
  const furthest = Math.max(leastFall, ...drops.flat());
  return {
    caption: [`${label} ${probability(p)}`, model],
    heat: drops.map((row) => row.map((drop) => drop / furthest)),
    ends: ['0', `−${furthest.toFixed(2)}`],
    legend: 'fall of the probability where covered',
  };
}
