/**
 * The server is killed (SIGKILL) while answers arrive from several clients: how much of what it confirmed is lost?
 *
 *   npx tsx bench/server-kill.ts [KILLS=50]
 */

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openClient } from '../src/client/client.ts';
import { seededRandom } from '../src/core/random.ts';
import { openMade } from '../test/album/kill-trial.ts';
import { writePeople } from '../test/album/made-album.ts';
import { isQuick, places, report } from './support/results.ts';
import { startServer } from './support/server-process.ts';

const kills = Number(places[0] ?? (isQuick ? 3 : 50));
const program = fileURLToPath(new URL('support/made-server.ts', import.meta.url));
const random = seededRandom(17);
const folder = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
let [confirmed, lost, damaged] = [0, 0, 0];
try {
  await writePeople(folder, 60, 3);
  const first = await openMade(folder);
  await first.add([join(folder, 'photos')]);
  await first.close();
  for (let n = 0; n < kills; n++) await kill(n);
} finally {
  await rm(folder, { recursive: true });
}
await report('server-kill', {
  title: `${kills} times SIGKILL of the server while four clients name, answer and undo`,
  rows: [{ kills, 'answers confirmed': confirmed, lost, 'files damaged': damaged }],
  notes: [
    'Confirmed: the client has the answer 200. The file is checked by PRAGMA integrity_check and foreign_key_check after each.',
  ],
});

async function kill(n: number): Promise<void> {
  const { child, address } = await startServer(['--import', 'tsx', program, folder], {});
  const closed = once(child, 'close');
  const client = openClient({ address, token: 'the-token-of-this-bench' });
  const said = new Set<number>();
  const undone = new Set<number>();
  /** Until the server is gone. */
  const lane = async (who: number): Promise<void> => {
    for (let turn = 0; ; turn++) {
      const { data } = await client.GET('/api/v1/groups', { params: { query: { least: 1, limit: 20 } } });
      const group = data?.groups[who % Math.max(1, data.groups.length)];
      if (group !== undefined) {
        const person = `Person ${n} ${who} ${turn}`;
        const params = { path: { group: group.group } };
        const named = await client.POST('/api/v1/groups/{group}/name', { params, body: { person } });
        if (named.data) said.add(named.data.said);
      }
      const [mine] = said;
      if (mine !== undefined && (turn % 2 === 1 || group === undefined)) {
        said.delete(mine);
        const taken = await client.POST('/api/v1/said/undo', { body: { said: [mine] } });
        if (taken.data) undone.add(mine);
      }
    }
  };
  const lanes = Array.from({ length: 4 }, (_, who) => lane(who).catch(() => {}));
  while (said.size === 0) await pause(20);
  await pause(random() * 4000);
  child.kill('SIGKILL');
  await closed;
  await Promise.all(lanes);
  const album = await openMade(folder);
  if ((await album.check()).length > 0) damaged++;
  const log = new Map((await album.log({ limit: 1_000_000 })).map((entry) => [entry.number, entry]));
  const missing = [...said].filter((number) => !log.has(number));
  const back = [...undone].filter((number) => log.get(number)?.undone !== true);
  for (const number of [...missing, ...back]) console.error(`kill ${n}: ${number} is lost`);
  confirmed += said.size + undone.size;
  lost += missing.length + back.length;
  await album.close();
}
