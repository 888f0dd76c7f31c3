/** A model file that came without a manual, as a pack for whole pictures. */

import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { layerSizes } from '../models/graph/compile-picture.ts';
import { onnxParts } from '../models/graph/onnx-parts.ts';
import type { Ground, KnownParts, PictureParts } from '../models/graph/picture-parts.ts';
import { readGraph } from '../models/graph/read-graph.ts';
import { tensorFlowParts } from '../models/graph/tensorflow/tensorflow-parts.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import type { ModelFile } from './model-file.ts';

export interface ForeignOptions {
  /** For files of its name, and for messages. */
  readonly name: string;
  readonly labels?: { readonly names: readonly string[]; readonly ground: Ground } | undefined;
  readonly known?: KnownParts | undefined;
  /** The side of its pictures in pixels, as a file beside the model has it. */
  readonly side?: number | undefined;
  /** Look for the layer that a new head could be put on: takes a moment with large graphs. */
  readonly bottleneck?: boolean;
}

/** The pack, and the node that gives the scores, which a pack without labels leaves out. */
export interface ForeignPack extends Pick<PictureParts, 'output' | 'logits'> {
  readonly pack: PicturePack;
}

type Parts = PictureParts & { readonly bottleneckSize?: number };

/** Throws `usage`, `not-found` or `bad-weights` if the graph does not tell enough, or not what it should. */
export async function foreignPack(file: ModelFile, options: ForeignOptions): Promise<ForeignPack> {
  const { path, format, bytes, weights } = file;
  const { name, labels, side } = options;
  const known = { ...options.known, side };
  const files = [{ path: basename(path), bytes }, ...weights];
  const contents = files.map((own) => own.bytes);
  const graph = format === 'onnx' ? undefined : await readGraph(format, contents, path);
  const parts: Parts = graph ? tensorFlowParts(graph, known) : onnxParts(bytes, path, known);
  const { input: node, size, preparation, output, logits, crop, bottleneck } = parts;
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
    input: {
      node,
      ...size,
      preparation,
      resize: format === 'tensorflow' ? 'bilinear' : 'lanczos',
      ...(crop && { crop }),
    },
    ...(labels && { scores: { node: output, labels: labels.names, ...(logits && { logits }) } }),
    grounds: { ...parts.grounds, ...(labels && { labels: labels.ground }) },
  };
  if (!options.bottleneck || bottleneck === undefined) return { pack, output, logits };
  const request = {
    name,
    format,
    ...size,
    input: pack.input,
    output: 'bottleneck',
    nodes: [bottleneck],
  } as const;
  const width = graph ? layerSizes(request, graph)[0]! : parts.bottleneckSize!;
  return { pack: { ...pack, bottleneck: { nodes: [bottleneck], size: width } }, output, logits };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
