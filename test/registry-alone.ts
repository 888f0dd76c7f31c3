/** An internet in which the npm registry answers and nothing else does, as behind a firewall. */

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { promisify } from 'node:util';

export interface RegistryAlone {
  /** For npm: connections go through a proxy on this machine, and scripts of packages run unless a flag forbids it. */
  readonly environment: NodeJS.ProcessEnv;
  /** Other hosts that were asked for. */
  readonly refused: readonly string[];
  close(): void;
}

/** Nothing where no registry answers, or one whose requests a proxy cannot tell apart (not https). */
export async function openRegistryAlone(): Promise<RegistryAlone | undefined> {
  const shell = process.platform === 'win32';
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry'], { shell });
  const registry = new URL(stdout.trim());
  const answer = await fetch(new URL('p-retry', registry), { signal: AbortSignal.timeout(20_000) }).catch(
    () => undefined,
  );
  if (!answer?.ok || registry.protocol !== 'https:') return undefined;

  const refused: string[] = [];
  const allowed = `${registry.hostname}:${registry.port || 443}`;
  const proxy = createServer((request, response) => {
    refused.push(request.url ?? '');
    response.writeHead(403).end();
  });
  proxy.on('connect', ({ url = '' }, socket, head: Buffer) => {
    if (url !== allowed) {
      refused.push(url);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const onward = connect(Number(registry.port || 443), registry.hostname, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  // `npm test` hands its own settings down, this repository's "no scripts" among them.
  const handedDown = /^npm_(?!config_(?:userconfig|globalconfig|cafile)$)|^no_proxy$/i;
  const own = Object.entries(process.env).filter(([name]) => !handedDown.test(name));
  const environment = {
    ...Object.fromEntries(own),
    npm_config_registry: registry.href,
    npm_config_ignore_scripts: 'false',
    HTTP_PROXY: address,
    HTTPS_PROXY: address,
    // Read by onnxruntime-node's install script.
    GLOBAL_AGENT_HTTP_PROXY: address,
    npm_config_fund: 'false',
    npm_config_audit: 'false',
    npm_config_update_notifier: 'false',
  };
  return { environment, refused, close: () => proxy.close() };
}
