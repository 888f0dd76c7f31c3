/** A network with the names and sizes of mobilenet_0.25_128, whose bottleneck tells the mean colour. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { DataType, GraphDefSchema } from '../../src/models/graph/tensorflow_pb.ts';
import {
  graphDef,
  ints,
  list,
  node,
  placeholder,
  text,
  type,
  weights,
} from '../models/graph/tensorflow/toy-tensorflow.ts';

const T = type(DataType.DT_FLOAT);

/** Writes `<folder>/mobilenet_v1_0.25_128/frozen_graph.pb`, as it lies in retrain.py's model_dir. */
export async function writeToyMobilenet(folder: string): Promise<void> {
  const pool = { T, ksize: list(1, 128, 128, 1), strides: list(1, 1, 1, 1), padding: text('VALID') };
  const graph = graphDef(
    placeholder('input', 1, 128, 128, 3),
    node('pool', 'AvgPool', ['input'], pool),
    ints('shape', [2], [-1, 3]),
    node('means', 'Reshape', ['pool', 'shape'], { T, Tshape: type(DataType.DT_INT32) }),
    weights('features', 3, 1001),
    node('MobilenetV1/Predictions/Reshape', 'MatMul', ['means', 'features'], { T }),
    node('MobilenetV1/Predictions/Softmax', 'Softmax', ['MobilenetV1/Predictions/Reshape'], { T }),
  );
  const place = join(folder, 'mobilenet_v1_0.25_128');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'frozen_graph.pb'), toBinary(GraphDefSchema, graph));
}
