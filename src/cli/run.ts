/** The command table: from a command line to an exit status. */

import { Command, CommanderError } from '@commander-js/extra-typings';
import { type Config, readConfig } from '../config.ts';
import { reasonOf, WhosinError } from '../errors.ts';
import { shown } from '../report/words.ts';
import { ownPackage } from '../runtime/own-files.ts';
import { limitMemory } from '../runtime/photo-memory.ts';
import type { Invocation } from './terminal/invocation.ts';
import { err, note, warnNotKept } from './terminal/output.ts';

const { version, description } = ownPackage();

/** Commands below commands too: else wrong use of them would end the process by itself, with another status. */
function withSettings(command: Command, from: Command, above = from.name()): Command {
  const name = `${above} ${command.name()}`;
  command.copyInheritedSettings(from).showHelpAfterError(tryHelp(name));
  for (const inner of command.commands) withSettings(inner as Command, from, name);
  return command;
}

function tryHelp(name: string): string {
  return `Try: ${name} --help`;
}

/** In the order of the help. */
const commands = {
  train: async () => (await import('./train/train.ts')).trainCommand,
  identify: async () => (await import('./identify/identify.ts')).identifyCommand,
  people: async () => (await import('./people/people.ts')).peopleCommand,
  evaluate: async () => (await import('./evaluate/evaluate.ts')).evaluateCommand,
  verify: async () => (await import('./identify/verify.ts')).verifyCommand,
  album: async () => (await import('./album/album.ts')).albumCommand,
  regions: async () => (await import('./regions/regions.ts')).regionsCommand,
  serve: async () => (await import('./serve/serve.ts')).serveCommand,
  worker: async () => (await import('./worker/worker.ts')).workerCommand,
  classify: async () => (await import('./classify/classify.ts')).classifyCommand,
  explain: async () => (await import('./classify/explain.ts')).explainCommand,
  retrain: async () => (await import('./train/retrain.ts')).retrainCommand,
  collect: async () => (await import('./collect/collect.ts')).collectCommand,
  models: async () => (await import('./models/models.ts')).modelsCommand,
  cache: async () => (await import('./cache.ts')).cacheCommand,
  demo: async () => (await import('./demo/demo.ts')).demoCommand,
  completion: async () => (await import('./completion/completion.ts')).completionCommand,
} as const;

export type CommandName = keyof typeof commands;

export const commandNames = Object.keys(commands) as readonly CommandName[];

/** The commands that a command line can be about: all of them where it asks for help, is wrong or is about all. */
function namesIn(first: string | undefined): readonly CommandName[] {
  if (first === '--version' || first === '-V') return [];
  const named = commandNames.filter((name) => name === first);
  return named.length === 0 || first === 'completion' ? commandNames : named;
}

/**
 * Runs one command line. Results go to standard output, everything else to standard error.
 *
 * @param argv without the program's name
 * @returns the exit status: 0 done, 1 something could not be done, 2 wrong use
 */
export async function run(argv: readonly string[]): Promise<number> {
  let status = 0;
  let config: Config | undefined;
  const invocation: Invocation = {
    get config() {
      if (config === undefined) {
        config = { ...readConfig(), onNotKept: warnNotKept };
        limitMemory(config);
      }
      return config;
    },
    done(result) {
      status = result;
    },
  };
  const program = await programOf(namesIn(argv[0]), invocation);
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

/** whosin with these of its commands. Only what is asked for is loaded: all at once would make each of them start slowly. */
export async function programOf(names: readonly CommandName[], invocation: Invocation): Promise<Command> {
  const program = new Command('whosin')
    .description(description)
    .version(version)
    .exitOverride()
    // A command and its sub-commands have options of the same names: those behind a name belong to it.
    .enablePositionalOptions()
    .configureHelp({ sortSubcommands: false })
    .configureOutput({ outputError: (text, write) => write(err.red(text)) })
    .showHelpAfterError(tryHelp('whosin'))
    .addHelpText(
      'after',
      `
Examples:
  whosin train photos/ -o people.onnx              one folder of photos for each person
  whosin identify party.jpg trip/ -m people.onnx   who is in these photos?
  whosin evaluate photos/ --cross-validate         how right is that?
  whosin people add people.onnx Ann ann.jpg        one more person, without the others' photos
  whosin verify passport.jpg selfie.jpg            the same person?
  whosin album add ~/Pictures                      who is in all my photos? (whosin album --help)
  whosin regions party.jpg                         what names does this photo carry already?
  whosin serve                                     the album as a page, in a browser
  whosin classify street.jpg                       what is in this photo?
  whosin retrain --image_dir flowers               TensorFlow's retrain.py, without TensorFlow
  whosin collect names.txt -o photos/ --count 50   photos to learn from, openly licensed

Environment:
  WHOSIN_HOME     one folder for everything that whosin stores. Without it, compiled networks and cached faces lie in
                  $XDG_CACHE_HOME/whosin, albums and models that were pulled or added in $XDG_DATA_HOME/whosin
  WHOSIN_THREADS  threads for the networks (default: all cores)
  WHOSIN_MEMORY   memory that whosin may use, such as 2GB: large photos wait for each other, or are refused, so that it
                  stays below (default: a quarter of the machine's memory, at least 1 GB)
  WHOSIN_WEIGHT_BITS  7 or 8: how finely networks of faces are stored (default: 8, or 7 if a processor has no VNNI);
                  the same number on two machines gives the same answers
  WHOSIN_FFMPEG, WHOSIN_FFPROBE  the programs that decode videos (default: those on PATH)
  WHOSIN_USER     your name in the log of an album (default: none in a file; in PostgreSQL, the system's user)
  WHOSIN_EXIFTOOL  the program that puts names into photos (default: the one on PATH)
  NO_COLOR        no colours

Exit status: 0 done, 1 something could not be read or done, 2 wrong use (verify: 0 same, 1 not, 2 no answer).
Everything runs on this machine; no photo leaves it. Only collect and models pull use the internet.`,
    );
  for (const name of names) {
    const command = await commands[name]();
    program.addCommand(withSettings(command(invocation), program));
  }
  return program;
}
