/** A model file that came without a manual, as a pack for whole pictures. */

import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { layerSizes } from '../models/graph/compile-picture.ts';
import { onnxParts } from '../models/graph/onnx-parts.ts';
import type { KnownParts, PictureParts } from '../models/graph/picture-parts.ts';
import { readGraphDef } from '../models/graph/tensorflow/tensorflow-graph.ts';
import { tensorFlowParts } from '../models/graph/tensorflow/tensorflow-parts.ts';
import { readTfjsGraph } from '../models/graph/tensorflow/tfjs-graph.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import type { ModelFile } from './model-file.ts';

export interface ForeignOptions {
  /** For files of its name, and for messages. */
  readonly name: string;
  readonly labels?: readonly string[] | undefined;
  readonly known?: KnownParts | undefined;
  /** Look for the layer that a new head could be put on: takes a moment with large graphs. */
  readonly bottleneck?: boolean;
}

/** Throws `usage`, `not-found` or `bad-weights` where the graph does not say enough, or not what it should. */
export function foreignPack(file: ModelFile, options: ForeignOptions): PicturePack {
  const { path, format, bytes, weights } = file;
  const { name, labels, known } = options;
  const parts = partsOf(file, known);
  const files = [{ path: basename(path), bytes }, ...weights];
  const { input: node, size, preparation, output, logits, bottleneck, bottleneckSize } = parts;
  const pack: PicturePack = {
    kind: 'picture',
    name,
    licence: 'not known to whosin',
    source: path,
    graph: {
      format,
      files: files.map((own) => ({ folder: dirname(path), path: own.path, sha256: sha256Of(own.bytes) })),
    },
    // TensorFlow's networks of that time were trained with its bilinear resize, PyTorch's with one that skips nothing.
    input: { node, ...size, preparation, resize: format === 'tensorflow' ? 'bilinear' : 'lanczos' },
    ...(labels && { scores: { node: output, labels, ...(logits && { logits }) } }),
  };
  if (!options.bottleneck || bottleneck === undefined) return pack;
  const request = {
    name,
    format,
    ...size,
    input: pack.input,
    output: 'bottleneck',
    nodes: [bottleneck],
  } as const;
  const contents = files.map((own) => own.bytes);
  const width = bottleneckSize ?? layerSizes(request, contents, path);
  return { ...pack, bottleneck: { nodes: [bottleneck], size: width } };
}

function partsOf(
  { path, format, bytes, weights }: ModelFile,
  known: KnownParts | undefined,
): PictureParts & { readonly bottleneckSize?: number } {
  if (format === 'onnx') return onnxParts(bytes, path, known);
  const joined = Buffer.concat(weights.map((shard) => shard.bytes));
  const graph =
    format === 'tensorflow'
      ? readGraphDef(bytes, path)
      : readTfjsGraph(new TextDecoder().decode(bytes), joined, path);
  return tensorFlowParts(graph, known);
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
