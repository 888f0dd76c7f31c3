#!/usr/bin/env node
/** The command table, and the only place that ends the process. */

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from '@commander-js/extra-typings';
import { reasonOf, WhosinError } from '../errors.ts';
import { cacheCommand } from './cache.ts';
import { demoCommand } from './demo.ts';
import { evaluateCommand } from './evaluate.ts';
import { identifyCommand } from './identify.ts';
import { err, note, shown } from './output.ts';
import { trainCommand } from './train.ts';
import { verifyCommand } from './verify.ts';

const { version, description } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { readonly version: string; readonly description: string };

/** Runs one command line and says how it went: 0 done, 1 something could not be done, 2 wrong use. */
async function run(argv: readonly string[]): Promise<number> {
  let status = 0;
  const done = (result: number): void => {
    status = result;
  };
  const program = new Command('whosin')
    .description(description)
    .version(version)
    .exitOverride()
    .configureHelp({ sortSubcommands: false })
    .configureOutput({ outputError: (text, write) => write(err.red(text)) })
    .showHelpAfterError('Try: whosin --help')
    .addHelpText(
      'after',
      `
Examples:
  whosin train photos/ -o people.onnx              one folder of photos for each person
  whosin identify party.jpg album/ -m people.onnx  who is in these photos?
  whosin evaluate photos/ --cross-validate         how right is that?
  whosin verify passport.jpg selfie.jpg            the same person?

Environment:
  WHOSIN_HOME     where compiled networks and cached faces live (default: $XDG_CACHE_HOME/whosin)
  WHOSIN_THREADS  threads for the networks (default: all cores)
  WHOSIN_FFMPEG, WHOSIN_FFPROBE  the programs that decode videos (default: those on PATH)
  NO_COLOR        no colours

Exit status: 0 done, 1 something could not be read or done, 2 wrong use (verify: 0 same, 1 not, 2 no answer).
Everything runs on this machine; no photo leaves it.`,
    );
  for (const command of [
    trainCommand,
    identifyCommand,
    evaluateCommand,
    verifyCommand,
    cacheCommand,
    demoCommand,
  ]) {
    program.addCommand(command(done).copyInheritedSettings(program));
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    // Help and version come as errors with status 0; commander has said everything else already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof WhosinError) {
      note(`${err.red('error:')} ${shown(error.message)}`);
      return error.exitStatus;
    }
    note(`${err.red('whosin failed, and should not have:')} ${reasonOf(error)}`);
    if (error instanceof Error && error.stack) note(err.dim(error.stack));
    return 1;
  }
  return status;
}

process.exitCode = await run(process.argv.slice(2));
