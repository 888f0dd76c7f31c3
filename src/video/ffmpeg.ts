/** The system's ffmpeg and ffprobe: started with a list of arguments, never through a shell. */

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Config } from '../config.ts';
import { cancelled, reasonOf, WhosinError } from '../errors.ts';

/**
 * The arguments of both programs before an input. A path is a file and nothing else (`http://…` and `concat:…` are
 * names of files here), and formats that point to other files, such as playlists, are not opened.
 */
export function inputFile(path: string): string[] {
  return ['-protocol_whitelist', 'file,pipe', '-format_whitelist', formats.join(','), '-i', `file:${path}`];
}

/** Demuxers of what cameras, phones, recorders and the web write; those of sound, to say that it is only sound. */
const formats =
  `mov mp4 m4a 3gp 3g2 mj2 matroska webm avi mpeg mpegts mpegvideo flv asf ogg mxf dv rm wtv m4v h264
  hevc ivf obu nut swf mp3 wav aac flac aiff amr`.split(/\s+/);

/** Throws `no-ffmpeg` where the program is not there. */
export async function startProgram(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<ChildProcess> {
  const child = spawn(command, args, { windowsHide: true, ...options });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      reject(new WhosinError('no-ffmpeg', missing(command, error), { cause: error }));
    });
  });
  // Whatever goes wrong from here on ends the process; its exit is waited for elsewhere.
  child.on('error', () => {});
  return child;
}

function missing(command: string, error: unknown): string {
  return (
    `Videos are decoded by ffmpeg, and ${command} cannot be started (${reasonOf(error)}). Install it: ` +
    'Debian, Ubuntu: sudo apt-get install ffmpeg · macOS: brew install ffmpeg · ' +
    'Windows: winget install ffmpeg · or name it in WHOSIN_FFMPEG and WHOSIN_FFPROBE.'
  );
}

/** Runs a program to its end; throws `no-ffmpeg`, and `cancelled` where the signal stopped it. */
export async function runProgram(
  command: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }> {
  if (signal?.aborted) throw cancelled();
  const child = await startProgram(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout!.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr!.on('data', (chunk: Buffer) => stderr.push(chunk));
  const status = await exitOf(child);
  if (signal?.aborted) throw cancelled();
  return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** The exit status, once the pipes are closed too; null if a signal ended it. */
export function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (status) => resolve(status)));
}

const passthroughs = new Map<string, Promise<readonly string[]>>();

/** Every frame once, with its own time: the flag was renamed in ffmpeg 5.1, and the old one is on its way out. */
export function passthrough({ ffmpeg = 'ffmpeg' }: Config): Promise<readonly string[]> {
  const known = passthroughs.get(ffmpeg);
  if (known) return known;
  const asked = runProgram(ffmpeg, ['-version']).then(({ stdout }) => {
    const [, major, minor] = /^ffmpeg version n?(\d+)\.(\d+)/.exec(stdout) ?? [];
    const old = major !== undefined && Number(major) * 100 + Number(minor) < 501;
    return [old ? '-vsync' : '-fps_mode', 'passthrough'];
  });
  asked.catch(() => passthroughs.delete(ffmpeg));
  passthroughs.set(ffmpeg, asked);
  return asked;
}

/** A complaint of ffmpeg, without where in memory it was: `[h264 @ 0x55…] [error] no frame` → `no frame`. */
export function complaint(line: string): string | undefined {
  const found = /\[(?:error|fatal|panic)\] (.*)$/.exec(line)?.[1]?.trim();
  return found === '' ? undefined : found?.replace(/^(?:\[[^\]]*\] )+/, '');
}
