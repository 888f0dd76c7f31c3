/**
 * How long groups of very many faces take, how much memory, and how long one photo more takes.
 *
 *   npx tsx bench/cluster-size.ts [LFW=../shared/data/faces/lfw-dev] [--quick]
 *
 * The faces are drawn from the shipped background model, around faces of real people. Each size has a process of its own,
 * with two cores; the faces are made before the clock runs.
 */

import { fileURLToPath } from 'node:url';
import { loadBackground } from '../src/faces/people/background-file.ts';
import { clusterFaces } from '../src/learn/cluster/cluster-faces.ts';
import { sumOfGroup } from '../src/learn/cluster/evidence.ts';
import { openStandingGroups } from '../src/learn/cluster/grow-groups.ts';
import { project } from '../src/learn/odds/two-covariance.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { bcubed } from './support/cluster-measures.ts';
import { drawFaces } from './support/made-people.ts';
import { readReferencePhotos } from './support/reference-photos.ts';
import { isQuick, places, type Row, report, runNode } from './support/results.ts';

const folder = places[0] ?? '../shared/data/faces/lfw-dev';
const count = Number(places[1] ?? 0);
if (count > 0) await measure(count);
else await measureAll();

async function measureAll(): Promise<void> {
  const rows: Row[] = [];
  for (const size of isQuick ? [1000, 10_000] : [1000, 10_000, 100_000]) {
    const script = fileURLToPath(import.meta.url);
    const cost = await runNode(['--import', 'tsx', script, folder, String(size)], { cores: 2 });
    rows.push({ ...(JSON.parse(cost.stdout) as Row), 'peak, MB': Math.round(cost.peak) });
  }
  await report('cluster-size', {
    title: 'Groups of very many faces',
    rows,
    notes: [
      'Faces drawn from the background model around real ones. seconds: of one thread; one photo: two faces more, for groups in memory.',
      'Peak memory is that of the whole process, which made the faces too.',
    ],
  });
}

async function measure(size: number): Promise<void> {
  const background = await loadBackground(faceApiPack);
  const real = (await readReferencePhotos(folder)).flatMap(({ nearest }) =>
    nearest === null ? [] : [project(background, nearest.embedding.values)],
  );
  const { faces, truth } = drawFaces(background, real, size + 40);
  const standing = faces.slice(0, size);
  const began = process.cpuUsage();
  const { groups, limit } = clusterFaces(background, standing, { exclusive: standing.map(() => null) });
  const grouped = process.cpuUsage(began);
  const scores = bcubed(truth.slice(0, size), groups);
  const open = openStandingGroups(
    background,
    groups.map((group) => sumOfGroup(group.map((i) => faces[i]!))),
    { faces: size, limit },
  );
  const before = process.cpuUsage();
  for (let i = size; i < faces.length; i += 2) open.add(faces.slice(i, i + 2));
  const added = process.cpuUsage(before);
  const seconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1e6;
  const row: Row = {
    faces: size,
    people: new Set(truth.slice(0, size)).size,
    groups: groups.length,
    seconds: seconds(grouped).toFixed(1),
    'one photo, seconds': (seconds(added) / 20).toFixed(3),
    precision: scores.precision.toFixed(4),
    recall: scores.recall.toFixed(4),
  };
  process.stdout.write(JSON.stringify(row));
}
