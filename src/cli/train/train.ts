/** `whosin train`: folders of photos become a model, of people or of things of any kind. */

import { Command, Option } from '@commander-js/extra-typings';
import { WhosinError } from '../../errors.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { percentage, positive, wholeNumber } from '../terminal/numbers.ts';
import { detectorOption } from '../terminal/open-faces-with.ts';
import { trainOnFaces } from './train-people.ts';
import { trainOnPictures } from './train-pictures.ts';

export function trainCommand(run: Invocation): Command {
  const command = new Command('train')
    .description(
      'Learn people, or things of any kind, from folders of photos, one for each: photos/<name>/*.jpg.',
    )
    .argument('<folder>', 'the folder that holds one folder of photos for each person or thing')
    .requiredOption('-o, --output <file>', 'the model file to write, for example people.onnx')
    .addOption(
      new Option('--on <what>', 'learn from faces, or from the whole picture')
        .choices(['faces', 'picture'])
        .default('faces' as const),
    )
    .option(
      '--validation-percentage <n>',
      'photos held out, to measure with (default: 20) or, with --on picture, to choose the strength by (default: 10)',
      percentage(),
    )
    .addOption(new Option('--validation <percent>').argParser(percentage()).hideHelp())
    .option('--steps <n>', 'most training steps (default: 200, or 4000 with --optimizer sgd)', wholeNumber(0))
    .option(
      '--from-regions',
      'learn the faces that photos name already (whosin regions), whatever folder they lie in',
    )
    .option('--flat', 'the folder holds one photo of each person, named after them: ann.jpg, bob.jpg')
    .option('--json', 'print the training report as one JSON object')
    .option(
      '-m, --model <name>',
      'the embedder of faces, or with --on picture the network to put the layer on (whosin models list)',
    )
    .option(...detectorOption)
    .optionsGroup('With --on picture:')
    .addOption(
      new Option(
        '--backbone <which>',
        'best: try all networks that are here on pictures left out, and take the one with the lowest cross-entropy',
      ).choices(['best']),
    )
    .option('--testing-percentage <n>', 'pictures held out to measure with (default: 10)', percentage())
    .addOption(
      new Option(
        '--optimizer <how>',
        'to the optimum at once, or step by step as retrain.py (default: optimum)',
      ).choices(['optimum', 'sgd']),
    )
    .option('--learning-rate <rate>', 'sgd: size of a step (default: 0.01)', positive)
    .option('--batch-size <n>', 'sgd: pictures in a step (default: 100)', wholeNumber(1))
    .option('--eval-every <n>', 'sgd: steps between two evaluations (default: 10)', wholeNumber(1))
    .option('--seed <n>', 'sgd: another draw of pictures (default: 0)', wholeNumber(0))
    .option('--flip', 'learn from mirrored copies too')
    .option('--random-crop <percent>', 'learn from copies with margins cut off too', percentage())
    .option('--random-scale <percent>', 'learn from enlarged copies too', percentage())
    .option('--random-brightness <percent>', 'learn from lighter and darker copies too', percentage())
    .option('--copies <n>', 'such copies of each picture (default: 4)', wholeNumber(1))
    .option('--no-balance', 'labels with more pictures count more')
    .option('--export <file>', 'also write an ONNX file that takes a picture, for any runtime')
    .option('--report <file>', 'write a page with charts and the mistaken pictures')
    .option('--summaries <dir>', 'write the course of training for TensorBoard')
    .addHelpText(
      'after',
      `
A photo may show several people: whosin learns the face that agrees with the rest of the folder.
A folder called unknown holds strangers for whosin evaluate; train leaves it out. With --on picture it holds pictures of
none of the labels, and the model learns the answer "none of these".
With --from-regions each face that a photo or its sidecar names is an example of that person: digiKam, Lightroom,
Picasa and others write such names.
One photo of a person is enough to begin; if there are three or more, some may be held out to measure the result with.

Examples:
  whosin train photos/ -o people.onnx
  whosin train photos/ -o people.onnx --json > report.json
  whosin train portraits/ --flat -o people.onnx
  whosin train ~/Pictures --from-regions -o people.onnx
  whosin train flowers/ --on picture -o flowers.onnx
  whosin train flowers/ --on picture --backbone best -o flowers.onnx
  whosin train flowers/ --on picture -m mobilenet_0.25_224 --flip --report flowers.html -o flowers.onnx`,
    )
    .action(async (folder, options) => {
      const { output, json = false, validationPercentage: validation = options.validation } = options;
      if (options.on === 'faces') {
        refusePictureOptions(options, (name) => command.getOptionValueSource(name));
        const { steps = 200, model, detector } = options;
        const { fromRegions = false, flat = false } = options;
        if (fromRegions && flat)
          throw new WhosinError(
            'usage',
            'Give either --flat or --from-regions: each tells who is in a photo.',
          );
        const settings = {
          output,
          fromRegions,
          flat,
          json,
          steps,
          validation: validation ?? 20,
          model,
          detector,
        };
        if (!(await trainOnFaces(folder, settings, run.config))) run.done(1);
        return;
      }
      if (options.detector !== undefined) throw new WhosinError('usage', '--detector goes with --on faces.');
      if (options.fromRegions) throw new WhosinError('usage', '--from-regions goes with --on faces.');
      if (options.flat) throw new WhosinError('usage', '--flat goes with --on faces.');
      if (options.backbone && options.model !== undefined)
        throw new WhosinError('usage', 'Give either -m or --backbone best.');
      if (options.optimizer !== 'sgd') refuseStepOptions(options);
      const whole = await trainOnPictures(
        folder,
        {
          output,
          json,
          model: options.model,
          best: options.backbone === 'best',
          export: options.export,
          report: options.report,
          summaries: options.summaries,
          validation: validation ?? 10,
          testing: options.testingPercentage ?? 10,
          balanced: options.balance,
          ...(options.optimizer === 'sgd' && {
            sgd: {
              steps: options.steps ?? 4000,
              learningRate: options.learningRate ?? 0.01,
              batchSize: options.batchSize ?? 100,
              interval: options.evalEvery ?? 10,
              seed: options.seed ?? 0,
            },
          }),
          distortions: {
            flip: options.flip ?? false,
            crop: options.randomCrop ?? 0,
            scale: options.randomScale ?? 0,
            brightness: options.randomBrightness ?? 0,
            copies: options.copies ?? 4,
          },
        },
        run.config,
      );
      if (!whole) run.done(1);
    });
  return command as unknown as Command;
}

/** Options that are for whole pictures alone, by the names that commander has for them. */
const pictureOptions = {
  backbone: '--backbone',
  testingPercentage: '--testing-percentage',
  optimizer: '--optimizer',
  learningRate: '--learning-rate',
  batchSize: '--batch-size',
  evalEvery: '--eval-every',
  seed: '--seed',
  flip: '--flip',
  randomCrop: '--random-crop',
  randomScale: '--random-scale',
  randomBrightness: '--random-brightness',
  copies: '--copies',
  balance: '--no-balance',
  export: '--export',
  report: '--report',
  summaries: '--summaries',
} as const;

type PictureOption = keyof typeof pictureOptions;

/** An option that would be passed over in silence is refused: the person expects something of it. */
function refusePictureOptions(
  given: Readonly<Partial<Record<PictureOption, unknown>>>,
  sourceOf: (name: PictureOption) => string | undefined,
): void {
  for (const [name, flag] of Object.entries(pictureOptions) as [PictureOption, string][]) {
    if (given[name] === undefined || sourceOf(name) !== 'cli') continue;
    throw new WhosinError('usage', `${flag} goes with --on picture.`);
  }
}

function refuseStepOptions(given: Readonly<Partial<Record<PictureOption | 'steps', unknown>>>): void {
  const flags = { ...pictureOptions, steps: '--steps' };
  for (const name of ['steps', 'learningRate', 'batchSize', 'evalEvery', 'seed'] as const) {
    if (given[name] !== undefined)
      throw new WhosinError('usage', `${flags[name]} goes with --optimizer sgd.`);
  }
}
