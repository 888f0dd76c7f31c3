/** The walls of the house: what each room holds, and what it may import. docs/ARCHITECTURE.md's table is made from this. */

export interface Room {
  readonly holds: string;
  /** Places in src that its files may import from, besides their own room and errors.ts. */
  readonly imports: readonly string[];
  /** Packages and modules of Node that it may import; everything where this is left out. */
  readonly outside?: readonly RegExp[];
  /** The outside, in words. */
  readonly outsideInWords: string;
}

const data = ['core', 'photos', 'models', 'learn', 'runtime', 'packs', 'config.ts'];

export const rooms: Readonly<Record<string, Room>> = {
  core: {
    holds: 'geometry, images, warps, embeddings, hashes, assignment, seeded chance: pure',
    imports: [],
    outside: [],
    outsideInWords: 'nothing',
  },
  models: {
    holds:
      'what each network expects and returns, as plain data; a lazy table of compilers; `graph/` compiles foreign weights to ONNX, `graph/tensorflow/` graphs of TensorFlow, `graph/keras/` layers of Keras, `graph/tflite/` TensorFlow Lite',
    imports: ['core'],
    outside: [
      /^@bufbuild\/protobuf/,
      /^fflate$/,
      /^h5wasm$/,
      /^valibot$/,
      /^node:crypto$/,
      /^node:path$/,
      /^node:vm$/,
    ],
    outsideInWords: 'protobuf, HDF5, ZIP, valibot, hashes, a limit of time',
  },
  photos: {
    holds:
      'files of photos: walk, list, read once, hash, cache, label folders, split, near-duplicates, times and places of EXIF; `regions/`: names in XMP and sidecars',
    imports: ['core', 'config.ts'],
    outside: [/^node:/, /^tinyglobby$/, /^exif-reader$/, /^saxes$/],
    outsideInWords: 'files, globs, EXIF, XML',
  },
  learn: {
    holds:
      'mathematics only: `odds/` between people, `search/` in galleries, `cluster/` of faces, `layer/` fits, `measure/` figures; no files, no clock',
    // A trained head is written as an ONNX graph.
    imports: ['core', 'models/graph'],
    outside: [/^ml-matrix$/],
    outsideInWords: 'ml-matrix',
  },
  runtime: {
    holds:
      'the only door to ONNX Runtime, sharp and libheif: decode, resize, draw, sessions, threads, compiled graphs, atomic files',
    imports: ['core', 'models', 'config.ts'],
    outsideInWords: 'ONNX Runtime, sharp, libheif, worker threads',
  },
  packs: {
    holds: 'models on disk and from the internet: find, add, pull, unpack, remove',
    imports: ['core', 'models', 'runtime', 'config.ts'],
    outsideInWords: 'HTTP client, tar, locks',
  },
  pictures: {
    holds:
      "whole pictures: classify, find things, train a last layer, evaluate, explain; `retrain/` is TensorFlow's retrain.py, `tensorboard/` its logs",
    imports: data,
    outsideInWords: 'files',
  },
  faces: {
    holds:
      '`find/`: photo to faces; `people/`: train, enrol, identify, verify, group; `regions/`: names that photos carry; `evaluate/`: accuracy; `packs/`: adding packs',
    imports: data,
    outsideInWords: 'files',
  },
  collect: {
    holds: 'names to a set of photos that can be trusted; `web/` is its door to the internet',
    imports: [...data, 'faces'],
    outsideInWords: 'HTTP client',
  },
  video: {
    holds: 'frames by ffmpeg, tracks, names over time, drawn clips',
    imports: [...data, 'faces', 'pictures'],
    outsideInWords: 'ffmpeg',
  },
  catalog: {
    holds:
      'the only SQL: files, photos, faces, what was said about them and what follows, the same for every database',
    imports: ['core', 'config.ts'],
    outside: [/^kysely$/, /^libsql$/, /^pg$/, /^node:/],
    outsideInWords: 'the SQL drivers: nobody else',
  },
  jobs: {
    holds:
      'one kind of work, to read a photo by its content and the recipe, which may be killed and gone on with: taken, read, kept in batches; a queue that many machines share',
    imports: ['core', 'config.ts', 'photos', 'faces', 'catalog'],
    outside: [/^pg-boss$/, /^p-retry$/, /^node:crypto$/],
    outsideInWords: 'the queue',
  },
  album: {
    holds:
      'an album of photos and the people in them: look, read, group, learn, ask, name, correct, find; its floors stand below',
    // Headers of photos and files written whole come from runtime.
    imports: ['core', 'config.ts', 'photos', 'runtime', 'faces', 'video', 'catalog', 'jobs'],
    outside: [/^node:/],
    outsideInWords: 'files',
  },
  report: {
    holds: 'answers away from a terminal: words, JSON, pages, charts',
    imports: ['core', 'photos', 'learn/measure', 'runtime', 'faces', 'pictures', 'video', 'collect', 'album'],
    outsideInWords: 'files',
  },
  engine: {
    holds:
      'the process in which networks run for the server: it reads folders and uploads, trains, measures, and may die alone',
    imports: [
      'core',
      'config.ts',
      'photos',
      'models',
      'packs',
      'faces',
      'pictures',
      'album',
      'report',
      'runtime',
      'open-whosin.ts',
    ],
    outside: [/^node:/],
    outsideInWords: 'child processes',
  },
  client: {
    holds: "the server's API for programs and for the page, typed by its OpenAPI document",
    imports: [],
    outside: [/^openapi-fetch$/],
    outsideInWords: 'fetch',
  },
  server: {
    holds: 'HTTP: REST, OpenAPI, jobs, events, and who may come in; networks run in the engine alone',
    // Folders are made by one function.
    imports: ['core', 'config.ts', 'photos', 'album', 'report', 'engine', 'runtime/make-folder.ts'],
    outside: [/^node:/, /^fastify/, /^@fastify\//, /^zod$/, /^prom-client$/],
    outsideInWords: 'the HTTP library',
  },
  cli: {
    holds: 'commands and their text; the only console and the only process exit',
    imports: ['.'],
    outsideInWords: 'console, process exit',
  },
};

/** The floors of the album, from the ground up: each may import from those below it, and its own files. */
export const albumFloors: Readonly<Record<string, string>> = {
  query: 'the language of searches',
  facts:
    'everything that follows from the words of people alone: who there is, which faces are whose, who cannot be whom',
  grouping: 'faces that are probably one person',
  naming: 'the people who are likely for a group, and what is decided about it',
  said: 'something is asked, said, taken back',
  reading: 'files become photos with faces',
  work: 'files are read by many machines',
  scan: 'folders are looked through, and watched',
  views: 'people, groups, photos as somebody looks at them',
  search: 'photos found by what they show',
  files: 'names in files of photos, tables, models; everything said as a text',
};

/** The table of docs/ARCHITECTURE.md. */
export function roomsTable(): string {
  const rows = Object.entries(rooms).map(([name, { holds, imports, outsideInWords }]) => {
    const from = imports.includes('.') ? 'everything' : imports.map((i) => i.replace(/\.ts$/, '')).join(', ');
    return `| \`${name}/\` | ${holds} | ${from || 'nothing'} | ${outsideInWords} |`;
  });
  return [
    '| room | holds | may import, besides errors | outside |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** The list of the album's floors below it. */
export function floorsTable(): string {
  const rows = Object.entries(albumFloors).map(([name, holds]) => `| \`album/${name}/\` | ${holds} |`);
  return ['| floor | holds |', '| --- | --- |', ...rows].join('\n');
}
