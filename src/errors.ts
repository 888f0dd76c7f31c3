/**
 * Every way in which whosin can fail on purpose. Each code has one exit status and, for servers, one HTTP
 * status; `usage` is the caller's mistake, the rest are facts about the input or the machine.
 */
export type ErrorCode =
  | 'usage'
  | 'not-found'
  | 'not-a-photo'
  | 'damaged-photo'
  | 'photo-too-large'
  | 'not-a-model'
  | 'wrong-space'
  | 'too-few-photos'
  | 'diverged'
  | 'bad-weights'
  | 'cannot-write'
  | 'cannot-fetch'
  | 'refused'
  | 'in-use'
  | 'not-a-video'
  | 'damaged-video'
  | 'no-ffmpeg'
  | 'no-exiftool'
  | 'no-runtime'
  | 'no-database'
  | 'not-an-album'
  | 'album-too-new'
  | 'interrupted'
  | 'cancelled';

interface Statuses {
  /** 130 is what a shell gives a command that Ctrl-C ended. */
  readonly exit: 1 | 2 | 130;
  /** RFC 9110; 499 is what servers write for a client that went away. */
  readonly http: number;
}

const statuses: Readonly<Record<ErrorCode, Statuses>> = {
  usage: { exit: 2, http: 400 },
  'not-found': { exit: 1, http: 404 },
  'not-a-photo': { exit: 1, http: 415 },
  'damaged-photo': { exit: 1, http: 422 },
  'photo-too-large': { exit: 1, http: 413 },
  'not-a-model': { exit: 1, http: 422 },
  'wrong-space': { exit: 1, http: 409 },
  'too-few-photos': { exit: 1, http: 422 },
  diverged: { exit: 1, http: 422 },
  'bad-weights': { exit: 1, http: 500 },
  'cannot-write': { exit: 1, http: 507 },
  'cannot-fetch': { exit: 1, http: 502 },
  refused: { exit: 1, http: 403 },
  'in-use': { exit: 1, http: 409 },
  'not-a-video': { exit: 1, http: 415 },
  'damaged-video': { exit: 1, http: 422 },
  'no-ffmpeg': { exit: 1, http: 501 },
  'no-exiftool': { exit: 1, http: 501 },
  'no-runtime': { exit: 1, http: 501 },
  'no-database': { exit: 1, http: 503 },
  'not-an-album': { exit: 1, http: 422 },
  'album-too-new': { exit: 1, http: 409 },
  interrupted: { exit: 1, http: 503 },
  cancelled: { exit: 130, http: 499 },
};

export interface ErrorOptions {
  readonly cause?: unknown;
  /** The file or address that the failure is about. */
  readonly path?: string | undefined;
  /** The fault of it, without its name; reads on from it: "is empty (0 bytes)". */
  readonly reason?: string | undefined;
}

/** A failure that a person can act on: the message says what failed, on which input, and what to do. */
export class WhosinError extends Error {
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly reason: string | undefined;

  constructor(code: ErrorCode, message: string, { cause, path, reason }: ErrorOptions = {}) {
    super(message, { cause });
    this.name = 'WhosinError';
    this.code = code;
    this.path = path;
    this.reason = reason;
  }

  /** About one file or address; the message is both together: "party.jpg is empty (0 bytes)." */
  static about(code: ErrorCode, path: string, reason: string, cause?: unknown): WhosinError {
    return new WhosinError(code, `${path} ${reason}.`, { cause, path, reason });
  }

  /** 2 for wrong use, 1 for everything else (the convention of grep, diff and most command-line tools). */
  get exitStatus(): 1 | 2 | 130 {
    return statuses[this.code].exit;
  }

  get httpStatus(): number {
    return statuses[this.code].http;
  }
}

/**
 * The message of anything that was thrown, for a line of output. An error of the system gives its words alone: "permission
 * denied" instead of "EACCES: permission denied, open 'photos/a.jpg'", for the sentence around it names the file.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const isOfSystem = code !== undefined && error.message.startsWith(`${code}: `);
  if (!isOfSystem) return error.message;
  return error.message.slice(code.length + 2).replace(/, \w+( '[\s\S]*)?$/, '');
}

/** The end of work that a signal stopped. */
export function cancelled(): WhosinError {
  return new WhosinError('cancelled', 'Stopped before the end.');
}

/** Throws `cancelled` where the signal says so. */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}

/** One input of many that could not be read: `kind` tells it from an answer. */
export interface Failure {
  readonly kind: 'failure';
  readonly path: string;
  readonly error: WhosinError;
}

export function failure(path: string, error: WhosinError): Failure {
  return { kind: 'failure', path, error };
}
