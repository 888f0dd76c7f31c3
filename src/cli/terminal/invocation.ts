/** Things that run.ts hands to every command. */

import type { Config } from '../../config.ts';

export interface Invocation {
  /** From the environment, read when it is first asked for: help is shown even if a setting is wrong. */
  readonly config: Config;
  /** The exit status, 0 if it is never set. */
  done(status: number): void;
}
