/** Graphs that a test computes, on one core: the same numbers on every machine, and no threads that wait for each other. */

import type { OpenComputation } from '../src/models/graph/computation.ts';
import { openComputation } from '../src/runtime/computation.ts';

export const onOneCore: OpenComputation = (graph, how) => openComputation(graph, { threads: 1 }, how);
