/** An occlusion map as a heat map with its words, and in words alone. */

import type { OcclusionMap } from '../../pictures/explain.ts';
import { probability } from '../../report/words.ts';
import type { HeatMap } from '../../runtime/draw-heat-map.ts';

/** Odds that fall by less, wherever the photo is covered, hang on no single place: the map stays dark. From 0.5 to 0.45. */
const leastFall = 0.2;

export function heatMapOf({ label, probability: p, logOddsDrops }: OcclusionMap, model: string): HeatMap {
  const furthest = Math.max(leastFall, ...logOddsDrops.flat());
  return {
    caption: [`${label} ${probability(p)}`, model],
    heat: logOddsDrops.map((row) => row.map((drop) => drop / furthest)),
    ends: ['as sure as before', `odds ${timesLower(furthest)}`],
    legend: 'fall of the odds where covered',
  };
}

/** Words for a fall of the natural logarithm of odds: `÷ 14`. */
export function timesLower(fall: number): string {
  return `÷ ${Number(Math.exp(fall).toPrecision(2)).toLocaleString('en')}`;
}
