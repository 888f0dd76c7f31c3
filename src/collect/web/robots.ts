/** The rules of a site for programs that visit it (RFC 9309). */

import robotsModule from 'robots-parser';

export interface Robots {
  allows(url: URL): boolean;
  /** Seconds that the site wants between two visits; 0 where it says nothing. */
  readonly delay: number;
}

/** The package is CommonJS and its declarations are not: what is imported is the function itself. */
const robotsParser = robotsModule as unknown as typeof robotsModule.default;

/** RFC 9309, 2.5: a parser must read at least so much; what follows is ignored. */
const readCharacters = 500 * 1024;

/** A delay is a wish, not an order to stop: a site that wants more than this is visited at this pace. */
const longestDelay = 30;

/**
 * RFC 9309, 2.3.1: no such file (4xx) means that all is allowed; a server in trouble (5xx), that nothing is.
 *
 * @param answer undefined if the server could not be reached at all
 * @param program the name in the User-Agent that rules may be written for
 */
export function readRobots(
  url: URL,
  answer: { readonly status: number; readonly text: string } | undefined,
  program: string,
): Robots {
  if (answer === undefined || answer.status >= 500) return { allows: () => false, delay: 0 };
  if (answer.status >= 400) return { allows: () => true, delay: 0 };
  const rules = robotsParser(url.href, answer.text.slice(0, readCharacters));
  return {
    allows: (address) => rules.isAllowed(address.href, program) !== false,
    delay: Math.min(rules.getCrawlDelay(program) ?? 0, longestDelay),
  };
}
