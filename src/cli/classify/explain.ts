/** `whosin explain`: which parts of a photo led to a label. */

import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { WhosinError } from '../../errors.ts';
import { bytesOf, nameOf } from '../../photos/photo-content.ts';
import type { ProbableClassifier } from '../../pictures/classifier.ts';
import { explain, indexOfLabel, type OcclusionMap } from '../../pictures/explain.ts';
import { openProbableModel } from '../../pictures/open-model.ts';
import { probability, shown } from '../../report/words.ts';
import { checkWritable, writeFileAtomically } from '../../runtime/atomic-file.ts';
import { decodePhoto } from '../../runtime/decode.ts';
import { isDrawing } from '../../runtime/draw.ts';
import { drawHeatMaps } from '../../runtime/draw-heat-map.ts';
import { pictureFormatOf } from '../../runtime/picture-format.ts';
import { stemOf, subjectOf } from '../draw.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { note, print } from '../terminal/output.ts';
import { readGivenPhoto } from '../terminal/photo-arguments.ts';
import { progressBar } from '../terminal/progress.ts';
import { heatMapOf, timesLower } from './heat-map.ts';

export function explainCommand(run: Invocation): Command {
  const command = new Command('explain')
    .description('Show which parts of a photo led to a label, as a heat map over the photo.')
    .argument('<photo>', 'the photo to explain, or - for one on standard input')
    .requiredOption('-m, --model <files...>', 'the model to ask; several are shown side by side')
    .option('--labels <file>', 'one label a line, for models without labels of their own')
    .option('--label <name>', 'the label to explain (default: the likeliest one of each model)')
    .option(
      '-o, --output <file>',
      'the .jpg, .png or .webp to write (default: <photo>-explained.jpg in the current folder)',
    )
    .option('--json', 'print the falls of probability and odds, place by place, as one JSON object')
    .addHelpText(
      'after',
      `
whosin covers one place of the photo after another with a patch, and runs the model each time. If the odds of the label
fall, the covered place led to the label. That takes some hundred runs, a few seconds. The map is bright at the places
with the largest fall; the bar below shows how large it is. If the whole map is dark, no single place matters.

Examples:
  whosin explain cavani.jpg -m players.onnx
  whosin explain cavani.jpg -m shirts.onnx -m faces.onnx --label Cavani -o why.jpg`,
    )
    .action(async (file, { model: files, labels, label, output: wanted, json }) => {
      const format = wanted === undefined ? 'jpeg' : pictureFormatOf(wanted);
      const photo = await readGivenPhoto(file);
      const [name, bytes] = [nameOf(photo), await bytesOf(photo)];
      const source = await subjectOf(photo, bytes);
      const output = wanted ?? (await freeName(stemOf(photo), source));
      if (!(await isFree(output))) throw taken(output);
      await checkWritable(output);
      const { image, ...size } = await decodePhoto(bytes, name);
      const models: ProbableClassifier[] = [];
      const maps: OcclusionMap[] = [];
      try {
        for (const path of files)
          models.push(
            await openProbableModel(path, { config: run.config, ...(labels !== undefined && { labels }) }),
          );
        // Before the first model is asked hundreds of times.
        if (label !== undefined) for (const one of models) indexOfLabel(one.labels, label, one.name);
        for (const model of models) {
          const bar = progressBar(`Asking ${shown(basename(model.name))}`);
          const onRun = (now: number, total: number): void => bar.update(now, total);
          maps.push(
            await explain(image, (picture) => model.probabilities(picture), model.labels, label, {
              onRun,
            }).finally(() => bar.stop()),
          );
        }
      } finally {
        for (const model of models) await model.close();
      }
      const panels = maps.map((map, i) => heatMapOf(map, basename(models[i]!.name)));
      const picture = await drawHeatMaps(image, [basename(name)], panels, source, format);
      await writeFileAtomically(output, picture);
      if (json) {
        const scale = size.width / image.width;
        const answers = maps.map((map, i) => ({ model: files[i]!, ...inFile(map, scale) }));
        print(JSON.stringify({ schema: 1, file: name, ...size, output, models: answers }));
      } else for (const [i, map] of maps.entries()) say(inFile(map, size.width / image.width), files[i]!);
      note(`Wrote ${shown(output)}`);
    });
  return command as unknown as Command;
}

/** Cells in pixels of the photo in its file; falls in millionths, for more digits say nothing. */
function inFile(map: OcclusionMap, scale: number): OcclusionMap {
  return {
    ...map,
    cell: { width: map.cell.width * scale, height: map.cell.height * scale },
    drops: map.drops.map((row) => row.map(inMillionths)),
    logOddsDrops: map.logOddsDrops.map((row) => row.map(inMillionths)),
  };
}

function inMillionths(fall: number): number {
  return Math.round(fall * 1e6) / 1e6;
}

function say({ label, probability: p, logOddsDrops, cell }: OcclusionMap, model: string): void {
  const places = logOddsDrops.flatMap((row, r) => row.map((drop, c) => ({ drop, r, c })));
  const { drop, r, c } = places.reduce((a, b) => (b.drop > a.drop ? b : a));
  const [x, y] = [(c + 0.5) * cell.width, (r + 0.5) * cell.height].map(Math.round);
  print(
    `${shown(model)}: ${shown(label)} ${probability(p)}, falls furthest where ${x},${y} is covered: its odds ${timesLower(drop)}`,
  );
}

/** In the current folder: folders of photos are for photos, and may be trained on. */
async function freeName(stem: string, source: string): Promise<string> {
  for (let n = 1; ; n++) {
    const name = `${stem}-explained${n === 1 ? '' : `-${n}`}.jpg`;
    if (await isFree(name, source)) return name;
  }
}

/** Nothing is there, or a picture that whosin drew: of this photo, if one is named. */
async function isFree(path: string, source?: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  return there === undefined || isDrawing(path, source);
}

function taken(path: string): WhosinError {
  return new WhosinError(
    'cannot-write',
    `${path} exists and is no picture that whosin drew: give another name with -o.`,
  );
}
