/**
 * Bundles whosin's modules, so that Node opens a few files at a start instead of two hundred: `dist/` gets a file for each
 * entry of package.json, and `dist/parts/` what they share, threads, and what is loaded when it is needed. The libraries
 * that whosin depends on stay outside. Declarations are tsc's.
 */

import type { Rollup } from 'vite';
import { defineConfig } from 'vite';

const source = (path: string): string => `${import.meta.dirname}/src/${path}.ts`;

/** By the path in `dist/`, without `.js`. */
const entries: Readonly<Record<string, string>> = {
  index: source('index'),
  'faces/index': source('faces/index'),
  'pictures/index': source('pictures/index'),
  'video/index': source('video/index'),
  'album/index': source('album/index'),
  'client/client': source('client/client'),
  'cli/main': source('cli/main'),
  // Beside the modules that start them.
  'parts/engine-process': source('engine/engine-process'),
  'parts/face-thread': source('faces/find/face-thread'),
  'parts/heic-thread': source('runtime/heic-thread'),
  'parts/picture-thread': source('pictures/picture-thread'),
};

/**
 * The parts of a start, each with all that its modules import besides the parts above it; Rollup makes the others, each of
 * the modules that the same entries share. The library has use for the first three, and none for `src/cli`.
 */
const parts: readonly (readonly [name: string, modules: readonly string[], has?: RegExp])[] = [
  ['base', ['config', 'report/words', 'runtime/own-files', 'runtime/photo-memory']],
  ['reading', ['faces/find/read-faces']],
  ['naming', ['faces/open-faces', 'cli/identify/identify'], /\/src\/(?!cli\/)/],
  ['command', ['cli/run']],
  ['identify', ['cli/identify/identify']],
];

export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist',
    emptyOutDir: false,
    sourcemap: true,
    minify: false,
    rollupOptions: {
      input: entries,
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'parts/[name].js',
        // They lie in the package.
        sourcemapExcludeSources: true,
        // Node finds what a file imports while it loads the file.
        hoistTransitiveImports: false,
        manualChunks: (id, { getModuleInfo }) => partOf(id, getModuleInfo),
      },
    },
  },
});

const partOfModule = new Map<string, string>();

function partOf(id: string, getModuleInfo: Rollup.GetModuleInfo): string | undefined {
  if (partOfModule.size === 0) {
    for (const [name, modules, has = /./] of parts) {
      for (const own of modules.flatMap((module) => importedBy(source(module), getModuleInfo))) {
        if (has.test(own) && !partOfModule.has(own)) partOfModule.set(own, name);
      }
    }
  }
  return partOfModule.get(id);
}

/** The module and all of whosin that it imports at once, not what it imports later. */
function importedBy(module: string, getModuleInfo: Rollup.GetModuleInfo): readonly string[] {
  const found = new Set([module]);
  for (const id of found) {
    for (const imported of getModuleInfo(id)!.importedIds) {
      if (!getModuleInfo(imported)!.isExternal) found.add(imported);
    }
  }
  return [...found];
}
