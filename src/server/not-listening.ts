/** Why a server cannot listen, in whosin's words. */

import { reasonOf, WhosinError } from '../errors.ts';

export function notListening(error: unknown, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new WhosinError(
      'in-use',
      `Port ${port} of ${host} is taken: stop what uses it, or give another one with --port.`,
      { cause: error },
    );
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new WhosinError(
      'refused',
      `This machine does not let whosin listen on ${host}, port ${port}: ${reasonOf(error)}.`,
      { cause: error },
    );
  }
  return error;
}
