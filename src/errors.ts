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
  | 'bad-weights'
  | 'cannot-write'
  | 'cannot-fetch'
  | 'refused'
  | 'in-use'
  | 'not-a-video'
  | 'damaged-video'
  | 'no-ffmpeg'
  | 'cancelled';

/** 130 is what a shell gives a command that Ctrl-C ended. */
const exitStatus: Record<ErrorCode, 1 | 2 | 130> = {
  usage: 2,
  'not-found': 1,
  'not-a-photo': 1,
  'damaged-photo': 1,
  'photo-too-large': 1,
  'not-a-model': 1,
  'wrong-space': 1,
  'too-few-photos': 1,
  'bad-weights': 1,
  'cannot-write': 1,
  'cannot-fetch': 1,
  refused: 1,
  'in-use': 1,
  'not-a-video': 1,
  'damaged-video': 1,
  'no-ffmpeg': 1,
  cancelled: 130,
};

/** A failure that a person can act on: the message says what failed, on which input, and what to do. */
export class WhosinError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'WhosinError';
    this.code = code;
  }

  /** 2 for wrong use, 1 for everything else (the convention of grep, diff and most command-line tools). */
  get exitStatus(): 1 | 2 | 130 {
    return exitStatus[this.code];
  }
}

/** The message of anything that was thrown, for a line of output. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
