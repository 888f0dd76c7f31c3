/** The API of `whosin serve` for programs and for the page: typed by its OpenAPI document, without anything of Node. */

import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './openapi-types.ts';

export type { paths };

/** The answers by their names: `Answer<'Person'>`. */
export type Answer<K extends keyof components['schemas']> = components['schemas'][K];

export type WhosinClient = Client<paths>;

export interface ClientOptions {
  /** `http://127.0.0.1:4180`; that of the page if left out. */
  readonly address?: string;
  /** Printed by `whosin serve --json`; a browser has a cookie instead. */
  readonly token?: string;
}

export function openClient({ address = '', token }: ClientOptions = {}): WhosinClient {
  return createClient<paths>({
    baseUrl: address,
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  });
}
