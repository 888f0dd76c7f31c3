/**
 * From the name of a compiler to its code, which makes an ONNX file of foreign weights. Each is loaded where a network
 * is compiled, once in the life of a machine: every start would pay for them.
 */

import type { EmbedderParts, YunetParts } from './face-parts.ts';
import type { CompileOptions } from './graph/tensorflow/compile-tensorflow.ts';
import type { PictureRequest } from './picture-pack.ts';

/** The data that each compiler gets about a network, besides the bytes of its files. */
export interface Settings {
  /** Architectures that are written in code. */
  readonly 'face-api': { readonly network: 'detector' | 'embedder' };
  readonly 'tensorflow-js': CompileOptions;
  readonly 'face-embedder': EmbedderParts;
  /** One file alone is compiled so. */
  readonly blazeface: null;
  readonly yunet: YunetParts;
  readonly picture: PictureRequest;
}

export type CompilerName = keyof Settings;

export type CompilerOf<N extends CompilerName> = {
  readonly [K in N]: {
    readonly name: K;
    /** Raised whenever the code writes another graph of the same files and settings. */
    readonly version: number;
    readonly settings: Settings[K];
  };
}[N];

export type Compiler = CompilerOf<CompilerName>;

/** @param file the path of the weights, for messages */
type Compile<S> = (
  settings: S,
  files: readonly Uint8Array[],
  file: string,
) => Uint8Array | Promise<Uint8Array>;

const compilers: { readonly [N in CompilerName]: () => Promise<Compile<Settings[N]>> } = {
  'face-api': async () => (await import('./graph/compile-face-api.ts')).compileFaceApi,
  'tensorflow-js': async () => (await import('./graph/tensorflow/compile-tensorflow.ts')).compileTfjs,
  'face-embedder': async () => (await import('./graph/onnx-embedder.ts')).compileOnnxEmbedder,
  blazeface: async () => (await import('./graph/blazeface.ts')).compileBlazeFace,
  yunet: async () => (await import('./graph/yunet.ts')).compileYunet,
  picture: async () => (await import('./graph/compile-picture.ts')).compilePicture,
};

/**
 * @returns the bytes of an ONNX file
 * @throws WhosinError `not-a-model`, `not-found` or `bad-weights` if the files are not what the settings say
 */
export async function compile<N extends CompilerName>(
  { name, settings }: CompilerOf<N>,
  files: readonly Uint8Array[],
  file: string,
): Promise<Uint8Array> {
  const compileWith = await compilers[name]();
  return compileWith(settings, files, file);
}
