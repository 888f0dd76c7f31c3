/** The commands that write, each with what it needs and with what shows that it did its work. */

import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { json, type Loopback, listen, notFound } from '../collect/loopback.ts';
import { jpeg } from '../collect/pictures.ts';
import { openverseAnswer } from '../collect/play-apis.ts';
import { writeDiscs } from '../coloured-things.ts';
import { portrait, writePhoto, writePortraits } from '../demo-people.ts';
import { hasExifTool } from '../exiftool.ts';
import { writeToyMobilenet } from '../pictures/toy-mobilenet.ts';
import { writeColours } from '../pictures/toy-pictures.ts';
import { toyGraph, toyLabels } from '../runtime/toy-model.ts';

export interface Trial {
  readonly name: string;
  readonly args: readonly string[];
  /** Run after the command has come to its end: what it prints shows that its work is done. The command itself if left out. */
  readonly proof?: readonly string[];
  /** The command may refuse the second time, because the first one did the work. */
  readonly mayRefuse?: true;
  /** It finds no compiled networks, and is killed while it compiles them too. */
  readonly cold?: true;
  /** Commands whose work it has to find done. */
  readonly before?: readonly (readonly string[])[];
  /** It starts other programs, which end after it was killed. */
  readonly endsLater?: true;
}

export interface Stage {
  readonly trials: readonly Trial[];
  readonly close: () => Promise<void>;
}

/** Puts photos, models and lists into the folder that the trials begin from, and plays a server of photos. */
export async function setStage(folder: string): Promise<Stage> {
  await writePortraits(join(folder, 'people'), { mona: ['mona', 3], ruth: ['ruth', 3] });
  for (const [i, person] of (['mona', 'ruth', 'sue'] as const).entries()) {
    await writePhoto(join(folder, 'photos', `${i}.jpg`), portrait(person, 4));
  }
  await cp(join(folder, 'people'), join(folder, 'asked'), { recursive: true });
  await writeDiscs(join(folder, 'discs'), { red: 'red', blue: 'blue' }, 6);
  await writeColours(join(folder, 'colours'), { Dark_Red: [120, 40, 40], green: [60, 150, 60] }, 24);
  await writeToyMobilenet(join(folder, 'models'));
  await writeFile(join(folder, 'toy.pb'), toyGraph());
  await writeFile(join(folder, 'labels.txt'), toyLabels.join('\n'));
  await writeFile(join(folder, 'names.txt'), 'ant\n');
  const server = await playPhotos(20);
  return { trials: trialsWith(server), close: () => server.close() };
}

async function playPhotos(count: number): Promise<Loopback> {
  const things = await Promise.all(Array.from({ length: count }, (_, i) => jpeg(i)));
  const server: Loopback = await listen((url, response) => {
    const photos = things.map((_, i) => ({ address: `${server.address}${i}.jpg`, title: `ant ${i}` }));
    if (url.pathname === '/v1/images/') return json(response, openverseAnswer(url, photos));
    const thing = things[Number(/^\/(\d+)\.jpg$/.exec(url.pathname)?.[1])];
    return thing === undefined ? notFound(response) : response.end(thing);
  });
  return server;
}

function trialsWith({ address }: Loopback): Trial[] {
  const trained = ['train', 'people', '-o', 'people.onnx', '--json'];
  const learnt = ['train', 'discs', '--on', 'picture', '-o', 'discs.onnx', '--json'];
  const added = ['models', 'add', 'toy', 'toy.pb', '--labels', 'labels.txt'];
  const whether = ['models', 'verify'];
  const ask = ['identify', 'photos', '-m', 'people.onnx'];
  const photosOf = (person: string): string[] => [1, 2, 3].map((n) => `people/${person}/${n}.jpg`);
  const album = ['mona', 'ruth'].map((who) => ['album', 'correct', 'is', who, ...photosOf(who)]);
  const written = {
    proof: ['regions', 'people', '--json'],
    before: [['album', 'add', 'people'], ...album],
  };
  const api = ['--source', 'openverse', '--openverse-api', `${address}v1/`, '--rate', '500'];
  const local = ['--allow-private-addresses', new URL(address).host, '--contact', 'test@localhost'];
  return [
    { name: 'train', args: trained, proof: [...ask, '--json'] },
    {
      name: 'train --on picture',
      args: [...learnt, '--export', 'whole.onnx', '--report', 'report.html', '--summaries', 'logs'],
      proof: ['classify', 'discs', '-m', 'discs.onnx', '--json'],
    },
    {
      name: 'retrain',
      args: 'retrain --image_dir colours --model_dir models --architecture mobilenet_0.25_128 --how_many_training_steps 20 --json'.split(
        ' ',
      ),
    },
    { name: 'identify', args: [...ask, '--json'], before: [trained] },
    { name: 'identify, nothing compiled', args: [...ask, '--json'], cold: true, before: [trained] },
    { name: 'identify --draw', args: [...ask, '--draw', 'drawn', '--json'], before: [trained] },
    {
      name: 'evaluate -o',
      args: ['evaluate', 'asked', '--cross-validate', '3', '-o', 'evaluation.html', '--json'],
    },
    {
      name: 'explain -o',
      args: ['explain', 'discs/red/0.png', '-m', 'discs.onnx', '-o', 'map.png', '--json'],
      before: [learnt],
    },
    {
      name: 'collect',
      args: ['collect', 'names.txt', '-o', 'set', '--things', '--count', '12', ...api, ...local],
      proof: ['classify', 'set/ant', '--json'],
    },
    { name: 'models add', args: added, mayRefuse: true, proof: whether },
    {
      name: 'models remove',
      args: ['models', 'remove', 'toy'],
      mayRefuse: true,
      proof: whether,
      before: [added],
    },
    { name: 'album write', args: ['album', 'write', 'people'], ...written },
    { name: 'album export --picasa', args: ['album', 'export', '--picasa', 'people'], ...written },
    ...(hasExifTool
      ? [
          {
            name: 'album write --into-photos',
            args: ['album', 'write', 'people', '--into-photos'],
            ...written,
            endsLater: true as const,
          },
        ]
      : []),
    { name: 'cache clear', args: ['cache', 'clear'], proof: ['cache', 'info'], before: [trained] },
  ];
}

/** An empty folder for home, and one with the stage in it. */
export async function emptyPlace(root: string): Promise<{ readonly home: string; readonly work: string }> {
  const [home, work] = [join(root, 'home'), join(root, 'work')];
  await mkdir(home, { recursive: true });
  await mkdir(work, { recursive: true });
  return { home, work };
}
