/** Answers of servers, and the parts of them that can be trusted. */

import { AbortError } from 'p-retry';
import { type Dispatcher, request } from 'undici';

const maxRedirects = 5;

/** Asks for a file, going on where the server sends to; throws an AbortError where that leads nowhere good. */
export async function follow(
  address: string,
  headers: Readonly<Record<string, string>>,
  dispatcher: Dispatcher,
  signal: AbortSignal | undefined,
): Promise<Dispatcher.ResponseData> {
  let url = webAddress(address);
  for (let hops = 0; hops <= maxRedirects; hops++) {
    const response = await request(url, {
      dispatcher,
      signal: signal ?? null,
      headers: { ...headers, 'accept-encoding': 'identity' },
    });
    const location = single(response.headers['location']);
    if (response.statusCode < 300 || response.statusCode >= 400 || location === undefined) return response;
    await response.body.dump();
    const next = webAddress(location, url);
    if (url.protocol === 'https:' && next.protocol === 'http:') {
      throw new AbortError(`it is sent on from https to ${next.href}, which anyone on the way could change`);
    }
    url = next;
  }
  throw new AbortError(`it is sent on more than ${maxRedirects} times`);
}

function webAddress(address: string, from?: URL): URL {
  const url = URL.canParse(address, from?.href) ? new URL(address, from) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new AbortError(`${address} is not an address of the web`);
}

/** Throws where what comes is not the file; only what may be better the next time is tried again. */
export function refuseAnswer(status: number, type: string | string[] | undefined): void {
  if (status === 200 || status === 206) {
    if (!single(type)?.startsWith('text/html')) return;
    throw new AbortError(
      'a web page came instead of the file: does the network want you to log in, or is the address wrong?',
    );
  }
  const reason = `the server answers HTTP ${status}`;
  const passes = status >= 500 || status === 408 || status === 429;
  throw passes
    ? new Error(reason)
    : new AbortError(status === 404 ? `${reason}: there is no such file` : reason);
}

/** "bytes 100-199/200" starts at 100. */
export function rangeStart(range: string | string[] | undefined): number | undefined {
  const [, start] = /^bytes (\d+)-/.exec(single(range) ?? '') ?? [];
  return start === undefined ? undefined : Number(start);
}

/** If-Range takes no weak tags. */
export function strongTag(tag: string | string[] | undefined): string | undefined {
  return single(tag)?.startsWith('"') ? single(tag) : undefined;
}

export function single(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}
