import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeCluster } from '#adapters/kube-cluster';
import { Discovery } from '#kube/discovery';
import { Reflector } from '#kube/reflector';
import { type ClosableTransport, undiciTransport } from '#kube/undici-transport';
import type { Clock } from '#ports/clock';
import { HastyClock, json, list, pod, ScriptedServer, says } from '../fixtures/scripted-server.ts';

// The operator's reflector and the installer's observation watch the same server, over real sockets: whatever happens to
// a watch, both end up with what the server holds.

interface Watcher {
  /** The names of what is known, once they are these. */
  knows(...names: readonly string[]): Promise<void>;
}

let server: ScriptedServer;
let transport: ClosableTransport;
let clock: HastyClock;
let stop: AbortController;
beforeEach(async () => {
  server = new ScriptedServer();
  await server.start();
  transport = undiciTransport(server.access(), { deadline: 5000 });
  clock = new HastyClock();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await transport.close();
  await server.stop().catch(() => undefined);
});

const query = { apiVersion: 'v1', kind: 'Pod', namespace: 'x' };

function reflected(): Watcher {
  const discovery = new Discovery((path) => transport.request({ method: 'GET', path }));
  const reflector = new Reflector({ transport, discovery, query, clock });
  void reflector.run(stop.signal);
  const names = () => reflector.all().map(({ metadata }) => metadata.name);
  return {
    async knows(...wanted) {
      while (!equal(names(), wanted)) {
        const changed = Promise.withResolvers<void>();
        const told = () => changed.resolve();
        const ends = [reflector.onChange({ added: told, updated: told, deleted: told }), reflector.onSync(told)];
        if (!equal(names(), wanted)) await changed.promise;
        for (const end of ends) end();
      }
    },
  };
}

function observed(): Watcher {
  const whole: Clock = {
    now: () => clock.now(),
    elapsed: () => clock.now(),
    sleep: (...words) => clock.sleep(...words),
  };
  const observation = new KubeCluster(transport, whole).observe();
  stop.signal.addEventListener('abort', () => observation.close(), { once: true });
  return {
    async knows(...wanted) {
      for (;;) {
        // A gate takes this for a reason to wait, and looks again.
        const found = await observation.sight.list(query).catch(() => []);
        if (
          equal(
            found.map(({ metadata }) => metadata.name),
            wanted,
          )
        )
          return;
        await Promise.race([observation.changed(stop.signal), clock.sleep(2000)]);
      }
    },
  };
}

function equal(one: readonly string[], other: readonly string[]): boolean {
  return one.toSorted().join() === other.toSorted().join();
}

const added = (name: string, version: string) => ({ type: 'ADDED', object: pod(name, version) });
const gone = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 410, reason: 'Expired', message: 'too old' };
const busy = { kind: 'Status', status: 'Failure', reason: 'TooManyRequests', message: 'too many requests' };

describe.each([
  ['the reflector', reflected],
  ['the observation of a gate', observed],
])('%s', (_, watching) => {
  it('takes in what happens, and goes on where it was when the server ends the stream', async () => {
    server.lists.push(list('7', pod('a', '3')));
    server.watches.push(says([added('b', '8')], (outgoing) => outgoing.end()));
    server.watches.push(says([added('c', '9')]));

    await watching().knows('a', 'b', 'c');

    expect(server.asked.map(({ kind, from }) => [kind, from])).toEqual([
      ['list', null],
      ['watch', '7'],
      ['watch', '8'],
    ]);
  });

  it('goes on from a bookmark', async () => {
    server.lists.push(list('7', pod('a', '3')));
    const bookmark = { type: 'BOOKMARK', object: { metadata: { resourceVersion: '99' } } };
    server.watches.push(says([bookmark], (outgoing) => outgoing.end()));
    server.watches.push(says([added('b', '100')]));

    await watching().knows('a', 'b');

    expect(server.asked.at(-1)).toMatchObject({ kind: 'watch', from: '99' });
  });

  it.each([
    ['as an answer', json(410, gone)],
    ['in the stream', says([{ type: 'ERROR', object: gone }])],
  ])('lists again when its version is forgotten, told %s', async (_way, answer) => {
    server.lists.push(list('7', pod('a', '3')), list('20', pod('b', '15')));
    server.watches.push(answer);

    await watching().knows('b');

    expect(server.asked.slice(0, 3).map(({ kind }) => kind)).toEqual(['list', 'watch', 'list']);
  });

  it('lists again, with pauses, where a server forgets at once what it has just said', async () => {
    server.lists.push(...Array.from({ length: 5 }, () => list('7', pod('a', '3'))), list('8', pod('b', '8')));
    server.watches.push(...Array.from({ length: 5 }, () => json(410, gone)));

    await watching().knows('b');

    expect(clock.pauses.length).toBeGreaterThanOrEqual(3);
  });

  it.each([
    [
      'is reset in the middle of a line',
      says([], (outgoing, incoming) => {
        outgoing.write('{"type":"ADDED","object":{"metadata":', () => incoming.socket.resetAndDestroy());
      }),
    ],
    ['ends in the middle of a line', says([], (outgoing) => outgoing.end('{"type":"ADDED","object":{"metadata":'))],
    ['says something that is no event', says([], (outgoing) => outgoing.write('<html>a proxy</html>\n'))],
    ['is refused with 500', json(500, { kind: 'Status', code: 500, message: 'etcdserver: request timed out' })],
    ['is refused with 503', json(503, { kind: 'Status', code: 503, message: 'apiserver is shutting down' })],
    [
      'is refused by a proxy',
      (outgoing: { writeHead: (code: number) => { end: (text: string) => void } }) =>
        outgoing.writeHead(502).end('bad gateway'),
    ],
  ] as const)('comes back when a stream %s', async (_what, answer) => {
    server.lists.push(list('7', pod('a', '3')), list('8', pod('a', '3'), pod('b', '8')));
    server.watches.push(answer);
    server.watches.push(says([added('b', '8')]));

    await watching().knows('a', 'b');
  });

  it('waits as long as a busy server asks to', async () => {
    server.lists.push(list('7', pod('a', '3')), list('8', pod('a', '3'), pod('b', '8')));
    server.watches.push(json(429, busy, { 'retry-after': '7' }), says([added('b', '8')]));

    await watching().knows('a', 'b');

    expect(clock.pauses).toContain(7000);
  });

  it('takes a connection on which nothing comes for dead after four minutes', async () => {
    server.lists.push(list('7', pod('a', '3')), list('8', pod('a', '3'), pod('b', '8')));
    const watched = server.nextWatch();
    const watcher = watching();
    await watcher.knows('a');
    await watched;
    server.watches.push(says([added('b', '8')]));

    clock.pass(240_000);

    await watcher.knows('a', 'b');
  });

  it('outlives a restart of the API server', async () => {
    server.lists.push(list('7', pod('a', '3')));
    const watched = server.nextWatch();
    const watcher = watching();
    await watcher.knows('a');
    await watched;

    await server.stop();
    server.lists.push(list('9', pod('a', '3'), pod('b', '9')));
    server.watches.push(says([added('b', '9')]));
    const knows = watcher.knows('a', 'b');
    await server.start();

    await knows;
  });

  it('reads its token again when that has changed', async () => {
    server.lists.push(list('7', pod('a', '3')), list('9', pod('a', '3'), pod('b', '9')));
    server.watches.push(says([], (outgoing) => outgoing.end(() => (server.token = 'second'))));
    server.watches.push(says([added('b', '9')]));

    await watching().knows('a', 'b');

    expect(server.asked.at(-1)?.token).toBe('second');
  });
});
