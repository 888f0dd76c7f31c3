/**
 * One stream of events for all windows (a SharedWorker): a browser has six connections to a server, and each window that
 * listened by itself would hold one.
 */

import { openStream, type StreamMessage } from './event-stream.ts';

const ports = new Set<MessagePort>();
const isOpen: StreamMessage = { name: 'open' };

const stream = openStream((message) => {
  for (const port of ports) port.postMessage(message);
});

addEventListener('connect', (event) => {
  const port = (event as MessageEvent).ports[0]!;
  ports.add(port);
  // Browsers that do not tell of a closed window drop what is sent to it.
  port.addEventListener('close', () => ports.delete(port));
  port.start();
  if (stream.isOpen) port.postMessage(isOpen);
  // A window that was opened just now may have been let in by a new link.
  else stream.retry();
});
