#!/usr/bin/env node

/** The command, and the only place that ends the process. */

import { run } from './run.ts';
import { resultsAreWritten } from './terminal/output.ts';

const status = await run(process.argv.slice(2));
process.exitCode = (await resultsAreWritten()) ? status : Math.max(status, 1);
