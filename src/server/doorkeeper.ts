/**
 * Who may come in: a program with a token in a header, a browser with a cookie that a link gave it. A link opens once. A
 * cookie is signed with the server's token and, for a user of the album, with theirs: it outlives a restart, and ends with
 * either of them.
 */

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AlbumUser, AlbumUsers, Role } from '../album/users.ts';

/** Somebody who was let in. */
export interface Visitor {
  /** Empty: whoever has the server's own token. */
  readonly name: string;
  readonly role: Role;
}

export interface Doorkeeper {
  /** What goes behind `/?token=`; good for one visit. */
  link(): string;
  /** The cookie's value if the link is good, which then is good no more. */
  redeem(link: string): Promise<string | undefined>;
  byToken(token: string): Promise<Visitor | undefined>;
  byCookie(value: string): Promise<Visitor | undefined>;
}

/** Milliseconds. */
const linkLasts = 10 * 60_000;
export const cookieLasts = 90 * 24 * 3_600_000;

const owner: Visitor = { name: '', role: 'own' };

export interface DoorkeeperOptions {
  /** The server's own. */
  readonly token: string;
  readonly users: Pick<AlbumUsers, 'byName' | 'byToken' | 'redeem'>;
  readonly now?: () => number;
}

export function openDoorkeeper({ token, users, now = Date.now }: DoorkeeperOptions): Doorkeeper {
  const links = new Map<string, number>();
  const signed = (text: string, key = ''): string =>
    createHmac('sha256', token).update(`${text}${key}`).digest('base64url');
  const cookieFor = (user?: AlbumUser): string => {
    const name = user === undefined ? '' : `.${Buffer.from(user.name).toString('base64url')}`;
    const text = `${now() + cookieLasts}.${randomBytes(9).toString('base64url')}${name}`;
    return `${text}.${signed(text, user?.key)}`;
  };
  return {
    link() {
      const link = randomBytes(24).toString('base64url');
      links.set(link, now() + linkLasts);
      return link;
    },

    async redeem(link) {
      const until = links.get(link);
      links.delete(link);
      if (until !== undefined) return until < now() ? undefined : cookieFor();
      const user = await users.redeem(link);
      return user && cookieFor(user);
    },

    async byToken(given) {
      return isSame(given, token) ? owner : visitorOf(await users.byToken(given));
    },

    async byCookie(value) {
      const [until = '', nonce, ...rest] = value.split('.');
      if (!(Number(until) > now()) || rest.length === 0 || rest.length > 2) return undefined;
      const signature = rest.at(-1)!;
      const [name] = rest.slice(0, -1);
      if (name === undefined) return isSame(signature, signed(`${until}.${nonce}`)) ? owner : undefined;
      const user = await users.byName(Buffer.from(name, 'base64url').toString());
      const isTheirs = user !== undefined && isSame(signature, signed(`${until}.${nonce}.${name}`, user.key));
      return isTheirs ? visitorOf(user) : undefined;
    },
  };
}

function visitorOf(user: AlbumUser | undefined): Visitor | undefined {
  return user && { name: user.name, role: user.role };
}

/** Takes the same time wherever they differ. */
function isSame(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(x!, y!);
}
