/** `whosin serve`: the album in a browser, and an API for programs, on this machine. */

import { spawn } from 'node:child_process';
import { basename, extname } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { WhosinError } from '../../errors.ts';
import { shown } from '../../report/words.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import { makeFolder } from '../../runtime/make-folder.ts';
import { ownPackage } from '../../runtime/own-files.ts';
import { albumOption, withAlbum } from '../album/open.ts';
import { untilInterrupted } from '../terminal/interrupt.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { err, note, print } from '../terminal/output.ts';

export function serveCommand(run: Invocation): Command {
  const command = new Command('serve')
    .description('Open the album as a page in a browser, with an API for programs. Ctrl-C ends it.')
    .option(...albumOption)
    .option('--port <n>', 'the port', wholeNumber(0), 4180)
    .option('--host <address>', 'the address to listen on; 0.0.0.0 lets other machines in', '127.0.0.1')
    .addOption(
      new Option('--token <token>', 'what programs send and other machines need').env('WHOSIN_TOKEN'),
    )
    .option('--allow-host <name...>', 'names of this machine that browsers may use, such as nas.local')
    .option(
      '--allow-origin <origin...>',
      'pages of other sites that may use the API, such as https://example.org',
    )
    .option('--root <folder...>', 'folders that the page may read (default: your home folder)')
    .option('-m, --model <file...>', 'models of people that uploads may be compared with, besides the album')
    .addOption(
      new Option(
        '--log <form>',
        'json: on standard error, a JSON object a line for each request and each failure',
      ).choices(['json']),
    )
    .option('--no-open', 'do not open a browser')
    .option('--json', 'print one JSON object with the address, the link and the token')
    .addHelpText(
      'after',
      `
Only this machine can reach the server, unless --host says otherwise. The link lets one browser in; open another with
the link of another start. Programs send the token: it lies in the folder of albums, in server-token.

Examples:
  whosin serve
  whosin serve --album family --no-open --port 8080
  WHOSIN_TOKEN=a-long-secret-of-yours whosin serve --host 0.0.0.0 --allow-host nas.local
  curl -H "Authorization: Bearer $TOKEN" -F photo=@party.jpg http://127.0.0.1:4180/api/v1/identify`,
    )
    .action(async (flags) => {
      const { album: where, port, host, open, token: given, json = false } = flags;
      const isLoopback = host === 'localhost' || host === '::1' || host.startsWith('127.');
      if (!isLoopback && given === undefined) {
        throw new WhosinError(
          'usage',
          `With --host ${host} other machines can reach your photos: give a token of your own, with --token or WHOSIN_TOKEN.`,
        );
      }
      const { checkToken, keptToken } = await import('../../server/token.ts');
      const { serve } = await import('../../server/serve.ts');
      // The page calls its owner by no name.
      await withAlbum(run, { album: where, create: true, who: '' }, async (album) => {
        await makeFolder(run.config.albums);
        const token = given === undefined ? await keptToken(run.config.albums) : checkToken(given);
        const server = await serve(album, {
          config: run.config,
          version: ownPackage().version,
          write: writeFileAtomically,
          token,
          host,
          port,
          allowedHosts: flags.allowHost ?? [],
          allowedOrigins: flags.allowOrigin ?? [],
          ...(flags.root && { roots: flags.root }),
          models: namedModels(flags.model ?? []),
          onFault: (message) => note(err.red(shown(message))),
          ...(flags.log === 'json' && { log: (line: string) => note(line.trimEnd()) }),
        });
        try {
          const link = server.link();
          if (json) print(JSON.stringify({ schema: 1, address: server.address, link, token }));
          else {
            print(link);
            note(err.dim('The link opens once. Ctrl-C ends the server.'));
          }
          if (!isLoopback)
            note(
              err.yellow(
                `Other machines that have the token can see and name all photos of ${shown(album.place)}.`,
              ),
            );
          if (open && !json && process.stdout.isTTY) openBrowser(link);
          await untilInterrupted(
            (signal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
          );
        } finally {
          await server.close();
        }
      });
    });
  return command;
}

/** By the names of their files: `people.onnx` is `people`. */
function namedModels(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(paths.map((path) => [basename(path, extname(path)), path]));
}

/** By the desktop's own command; where there is none, the link was printed. */
function openBrowser(link: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open'];
  const child = spawn(command, [...args, link], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
