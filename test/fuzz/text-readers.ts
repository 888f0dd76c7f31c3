/** Readers of texts: lists, tables, settings, answers of servers and of ffprobe, queries, what was said. */

import { parseSaidLines, saidLines } from '../../src/album/files/said-lines.ts';
import { parseQuery } from '../../src/album/query/parse-query.ts';
import { pathsIn } from '../../src/cli/terminal/standard-input.ts';
import { readQueryList } from '../../src/collect/query-list.ts';
import type { Source } from '../../src/collect/source.ts';
import { commons } from '../../src/collect/sources/commons.ts';
import { openverse } from '../../src/collect/sources/openverse.ts';
import { urls } from '../../src/collect/sources/urls.ts';
import { wikidata } from '../../src/collect/sources/wikidata.ts';
import { readRobots } from '../../src/collect/web/robots.ts';
import { readConfig } from '../../src/config.ts';
import { WhosinError } from '../../src/errors.ts';
import { readInceptionLabels } from '../../src/models/imagenet-labels.ts';
import { labelText, readLabelList } from '../../src/models/label-list.ts';
import { namesInXmp } from '../../src/photos/regions/names-in-xmp.ts';
import { parsePicasa } from '../../src/photos/regions/picasa.ts';
import { parseBottleneck } from '../../src/pictures/retrain/bottleneck-files.ts';
import { videoOf } from '../../src/video/probe.ts';
import { said } from '../album/said-entries.ts';
import { commonsAnswer, openverseAnswer, wikidataAnswer } from '../collect/play-apis.ts';
import { zoo } from '../photos/regions/zoo.ts';
import { ends } from '../photos/regions/zoo-odd-ends.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson, mutateJsonLines } from './mutate-json.ts';
import { mutateText } from './mutate-text.ts';
import { inParts, parted, type Reader, textOf, together, utf8 } from './reader.ts';

const text = [mutateText, mutateText, mutateBytes];
const json = [mutateJson, mutateBytes];
const query = { name: 'Ann', words: 'Ann', item: 'Q7' };
const api = 'https://photos.example/';

/** As JSON of ffprobe for a phone's clip. */
const probed = {
  streams: [
    {
      index: 0,
      codec_name: 'h264',
      codec_type: 'video',
      width: 1920,
      height: 1080,
      sample_aspect_ratio: '1:1',
      avg_frame_rate: '30000/1001',
      r_frame_rate: '30/1',
      duration: '12.5',
      disposition: { default: 1, attached_pic: 0 },
      tags: { rotate: '90', language: 'und' },
      side_data_list: [{ side_data_type: 'Display Matrix', rotation: -90 }],
    },
    { index: 1, codec_name: 'aac', codec_type: 'audio', disposition: { default: 1 } },
  ],
  format: { duration: '12.52', format_name: 'mov,mp4' },
};

/** The first photos that a source finds, whatever it is asked, where each of its questions gets the next answer. */
async function firstFound(open: (ask: () => Promise<unknown>) => Source, bytes: Uint8Array): Promise<void> {
  const answers = textOf(bytes)
    .split('\n')
    .map((line) => {
      try {
        return JSON.parse(line) as unknown;
      } catch {
        return undefined;
      }
    });
  let asked = 0;
  let found = 0;
  const ask = async (): Promise<unknown> => (asked < 200 ? answers[asked++ % answers.length] : undefined);
  for await (const _ of open(ask).search(query)) if (++found === 50) return;
}

function answersOf(...answers: readonly unknown[]): Uint8Array {
  return utf8(answers.map((answer) => JSON.stringify(answer)).join('\n'));
}

const photos = [
  { address: `${api}1.jpg`, title: 'Ann at the "beach"' },
  { address: `${api}2.jpg`, title: 'Ann &amp; Ben' },
];

export function textReaders(): Reader[] {
  return [
    {
      name: 'paths',
      seeds: ['a.jpg\nb c.jpg\r\n', 'a.jpg\0b\nc.jpg\0', '\ufeffé.jpg\n'].map(utf8),
      mutate: text,
      read: pathsIn,
    },
    {
      name: 'labels',
      seeds: ['ann\nben\n', '0:background\n1:tench\n2:goldfish\n'].map(utf8),
      mutate: text,
      read: (bytes) => readLabelList(labelText(bytes), 'labels.txt'),
    },
    {
      name: 'inception-labels',
      seeds: [
        together(
          utf8('entry {\n  target_class: 449\n  target_class_string: "n01440764"\n}\n'),
          utf8('n01440764\ttench, Tinca tinca\n'),
        ),
      ],
      mutate: [inParts(mutateText, mutateText)],
      read: (bytes) => {
        const [map, names] = parted(bytes);
        readInceptionLabels(textOf(map), textOf(names));
      },
    },
    {
      name: 'collect-names',
      seeds: ['# family\nAnn Smith\nJosé | Q41421\nBen | ben in the garden\n'].map(utf8),
      mutate: text,
      read: (bytes) => readQueryList(bytes, 'names.txt'),
    },
    {
      name: 'collect-csv',
      seeds: [
        `name,address,title\nAnn,${api}1.jpg,"a ""b"", c"\nBen,${api}2.jpg,\n`,
        `Ann,${api}1.jpg\r\nBen,${api}2.jpg\r\n`,
      ].map(utf8),
      mutate: text,
      read: async (bytes) => {
        for await (const _ of urls(textOf(bytes), 'list.csv').search(query));
      },
    },
    {
      name: 'collect-answers',
      seeds: [
        answersOf(openverseAnswer(new URL(`${api}?page=1`), photos)),
        answersOf(
          wikidataAnswer(new URL(`${api}?ids=Q7`), [
            { id: 'Q7', label: 'Ann', human: true, category: 'Ann' },
          ]),
          commonsAnswer(new URL(`${api}?generator=categorymembers&gcmtitle=Category:Ann`), () => [], {
            Ann: { files: photos, below: ['Ann in 2019'] },
          }),
          commonsAnswer(new URL(`${api}?gsrsearch="Ann" filetype:bitmap&generator=search`), () => photos),
        ),
      ],
      mutate: [mutateJsonLines, mutateJsonLines, mutateBytes],
      read: async (bytes) => {
        for (const open of [openverse, commons, wikidata]) await firstFound(open, bytes);
      },
    },
    {
      name: 'robots.txt',
      seeds: ['User-agent: *\nDisallow: /private\nAllow: /*.jpg$\nCrawl-delay: 3\n'].map(utf8),
      mutate: text,
      read: (bytes) => {
        const answer = { status: 200, text: textOf(bytes) };
        readRobots(new URL(`${api}robots.txt`), answer, 'whosin').allows(new URL(`${api}a/b.jpg?c=%zz`));
      },
    },
    {
      name: 'ffprobe',
      seeds: [utf8(JSON.stringify(probed))],
      mutate: json,
      read: (bytes) => videoOf(textOf(bytes), 'clip.mp4'),
    },
    {
      name: 'xmp',
      seeds: packets(),
      mutate: text,
      read: (bytes) => {
        const { unread } = namesInXmp(bytes, picture);
        if (unread.length > 0) throw new WhosinError('usage', unread.join('; '));
      },
    },
    {
      name: 'picasa.ini',
      seeds: [
        '[Contacts2]\r\n0123456789abcdef=Ann;;\r\n[party.jpg]\r\nfaces=rect64(3f845bcb59418507),0123456789abcdef\r\n',
      ].map(utf8),
      mutate: text,
      read: (bytes) => {
        const unread = parsePicasa(textOf(bytes)).facesOf('party.jpg')?.unread ?? [];
        if (unread.length > 0) throw new WhosinError('usage', unread.join('; '));
      },
    },
    {
      name: 'settings',
      seeds: [utf8(JSON.stringify({ WHOSIN_HOME: '/tmp/x', WHOSIN_THREADS: '2', XDG_DATA_HOME: 'a' }))],
      mutate: [mutateJson],
      read: (bytes) => {
        // The environment holds texts, and nothing else.
        const entries = Object.entries(JSON.parse(textOf(bytes)) ?? {}).filter(
          ([, value]) => typeof value === 'string',
        );
        readConfig(Object.fromEntries(entries) as Record<string, string>);
      },
    },
    {
      name: 'retrain-bottleneck',
      seeds: ['0.25,1e-05,3.0,0'].map(utf8),
      mutate: text,
      read: (bytes) => parseBottleneck(textOf(bytes), 4),
    },
    {
      name: 'said.jsonl',
      seeds: [utf8(saidLines(said, () => '/photos/party.jpg'))],
      mutate: [mutateJsonLines, mutateJsonLines, mutateBytes],
      read: (bytes) => parseSaidLines(textOf(bytes), 'said.jsonl'),
    },
    {
      name: 'album-query',
      seeds: [
        'Grandma and Ann, not Bob, 2019',
        '(Ann or "Ben and Co") since 2019-07 in Rome',
        'only Ann',
        '3 faces, unknown',
      ].map(utf8),
      mutate: text,
      read: (bytes) =>
        parseQuery(textOf(bytes), {
          names: ['Grandma', 'Ann', 'Bob', 'Ben and Co'],
          isFolder: (name) => name === 'Rome',
        }),
    },
  ];
}

/** As programs write them, small ones that are understood as a whole. */
function packets(): Uint8Array[] {
  return Object.values({ ...zoo, ...ends })
    .map(({ bytes }) => (typeof bytes === 'string' ? utf8(bytes) : bytes))
    .filter((bytes) => bytes.length < 10_000 && namesInXmp(bytes, picture).unread.length === 0);
}

const picture = { width: 4000, height: 3000, orientation: 6 };
