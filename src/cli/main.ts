#!/usr/bin/env node

/** The command, and the only place that ends the process. */

import { wasSqliteFileOpened } from '../catalog/sqlite-files.ts';
import { run } from './run.ts';
import { allIsWritten } from './terminal/output.ts';

const status = await run(process.argv.slice(2));
process.exitCode = (await allIsWritten()) ? status : Math.max(status, 1);
// Ended, not left to end: Node would free all memory and all networks first, which takes longer than reading a small photo.
if (!wasSqliteFileOpened()) process.exit();
