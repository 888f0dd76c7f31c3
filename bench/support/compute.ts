/** Large products on all cores, for benchmarks that open no networks. */

import { availableParallelism } from 'node:os';
import type { OpenComputation } from '../../src/models/graph/computation.ts';
import { openComputation } from '../../src/runtime/computation.ts';

export const compute: OpenComputation = (graph, how) =>
  openComputation(graph, { threads: availableParallelism() }, how);
