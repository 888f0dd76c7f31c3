/** `whosin models add`: a model file gets a name. */

import { Command, Option } from '@commander-js/extra-typings';
import type { Config } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import type { EmbedderFileOptions } from '../../faces/packs/add-face-embedder.ts';
import { yunetLicence } from '../../models/face-detector-pack.ts';
import type { PackKind } from '../../models/pack.ts';
import type { PictureFileOptions } from '../../packs/add-picture-pack.ts';
import type { MakePack } from '../../packs/install-pack.ts';
import { untilInterrupted } from '../terminal/interrupt.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { out, print } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';
import { knownParts, preparationOf, withKnownOptions } from './known-options.ts';
import { noteDoubt } from './note-doubt.ts';
import { detailsOf, kindOf } from './pack-text.ts';
import { waiting } from './pull.ts';
import { referenceProgress } from './reference-progress.ts';

export function modelsAddCommand(run: Invocation): Command {
  const command = withKnownOptions(
    new Command('add')
      .description(
        'Give a name to a model of TensorFlow, TensorFlow.js, Keras or ONNX, or to an embedder or a detector of faces.',
      )
      .argument('<name>')
      .argument('<file>')
      .addOption(
        new Option(
          '--as <kind>',
          'kind of the file: a model of whole pictures, ArcFace or SFace, or YuNet (default: picture, unless it is a YuNet)',
        ).choices(['picture', 'face-embedder', 'face-detector']),
      ),
  )
    .option('--bottleneck <node>', 'the layer that a head of your own is put on')
    .optionsGroup('With --as face-embedder:')
    .option('--reference <dir>', 'photos of a few hundred people, one folder for each, to fit its odds on')
    .option('--background <file>', 'instead: the background.onnx of the same embedder, fitted before')
    .option('--licence <text>', 'the licence of the file; with a detector too')
    .addHelpText(
      'after',
      `
If you leave options out, whosin infers them from the graph and prints them. A face embedder takes an aligned face of
112×112 and gives one list of values; whosin train -m NAME learns people with it. A face detector is OpenCV Zoo's
YuNet; commands find faces with it when you give --detector NAME.

Examples:
  whosin models add inception-v3 classify_image_graph_def.pb --labels imagenet_2012_challenge_label_map_proto.pbtxt
  whosin models add squeezenet squeezenet1.1.onnx --labels synset.txt
  whosin models add eyes converted_keras/keras_model.h5
  whosin models add mine net.onnx --range 0..1 --bottleneck /avgpool/output
  whosin models add sface face_recognition_sface_2021dec.onnx --as face-embedder --reference lfw/ --licence Apache-2.0
  whosin models add yunet face_detection_yunet_2023mar.onnx --licence MIT`,
    )
    .action(async (name, file, { as: given, labels, range, mean, scale, ...options }) => {
      const preparation = preparationOf({ range, mean, scale });
      const { reference, background, licence, bgr, bottleneck, ...parts } = options;
      const kind = given ?? (await recognised(file));
      if (kind !== 'picture') refuse({ labels, bottleneck, ...parts }, '--as picture');
      if (kind === 'face-detector') refuse({ range, mean, scale, bgr }, '--as picture');
      if (kind !== 'face-embedder') refuse({ reference, background }, '--as face-embedder');
      if (kind === 'picture') refuse({ licence }, '--as face-embedder');
      const bar = progressBar('Reading the reference');
      const pack = await untilInterrupted(async (signal) => {
        const make = await makerOf(kind, name, file, run.config, {
          picture: { labels, known: { ...knownParts({ ...parts, range, mean, scale, bgr }), bottleneck } },
          embedder: {
            reference,
            background,
            preparation: { ...preparation, ...(bgr && { order: 'bgr' }) },
            ...referenceProgress(signal, bar),
          },
          licence,
        });
        const { addPack } = await import('../../packs/install-pack.ts');
        return addPack(run.config.packs, kind, name, make, waiting(name));
      }).finally(() => bar.stop());
      print(`Added ${out.bold(name)}: ${kindOf(pack)}.`);
      for (const line of detailsOf(pack)) print(line);
      if (pack.kind === 'picture') await noteDoubt(pack, run.config);
    });
  return command as unknown as Command;
}

interface Given {
  readonly picture: PictureFileOptions;
  readonly embedder: EmbedderFileOptions;
  readonly licence: string | undefined;
}

/** How a model of that kind is made of the file. Networks and their compilers are loaded only now: `list` needs none. */
async function makerOf(
  kind: PackKind,
  name: string,
  file: string,
  config: Config,
  { picture, embedder, licence }: Given,
): Promise<MakePack<PackKind>> {
  if (kind === 'picture') {
    const { fromPictureFile } = await import('../../packs/add-picture-pack.ts');
    return fromPictureFile(config, name, file, picture);
  }
  const about = { name, source: file };
  if (kind === 'face-detector') {
    const { fromDetectorFile } = await import('../../faces/packs/add-face-detector.ts');
    return fromDetectorFile(config, file, { ...about, licence: licence ?? yunetLicence });
  }
  const { fromEmbedderFile } = await import('../../faces/packs/add-face-embedder.ts');
  return fromEmbedderFile(config, file, about, { ...embedder, licence });
}

/** A YuNet has twelve outputs like nothing else; everything else is told by the person. */
async function recognised(file: string): Promise<'face-detector' | 'picture'> {
  const { readModelFile } = await import('../../packs/model-file.ts');
  const { isYunet } = await import('../../models/graph/yunet.ts');
  const { format, bytes } = await readModelFile(file);
  return format === 'onnx' && isYunet(bytes, file) ? 'face-detector' : 'picture';
}

/** An option that does not apply is an error: passing it over in silence would mislead. */
function refuse(given: Readonly<Record<string, unknown>>, kind: string): void {
  const [name] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined) throw new WhosinError('usage', `--${name} goes with ${kind}.`);
}
