import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HastyClock, json, list, pod, type ScriptedServer, says, webPage } from '../fixtures/scripted-server.ts';
import { WatchedServer, type Watcher } from '../fixtures/watchers.ts';

// The operator's reflector and the installer's observation watch the same server, over real sockets: whatever happens to
// a watch, both end up with what the server holds.

let watched: WatchedServer;
let server: ScriptedServer;
let clock: HastyClock;
beforeEach(async () => {
  watched = new WatchedServer();
  await watched.start();
  ({ server, clock } = watched);
});
afterEach(() => watched.stop());

const added = (name: string, version: string) => ({ type: 'ADDED', object: pod(name, version) });
const gone = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 410, reason: 'Expired', message: 'too old' };
const busy = { kind: 'Status', status: 'Failure', reason: 'TooManyRequests', message: 'too many requests' };

describe.each([
  ['the reflector', (): Watcher => watched.reflected()],
  ['the observation of a gate', (): Watcher => watched.observed()],
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

  it('is told nothing by the web page of a proxy, wherever that comes', async () => {
    server.discovery.push(webPage(200), webPage(404));
    server.lists.push(webPage(200), webPage(403), webPage(502), list('7', pod('a', '3')), list('7', pod('a', '3')));
    server.watches.push(webPage(200), says([added('b', '8')]));

    await watching().knows('a', 'b');

    // What is said not to be there is looked for after half a minute only.
    expect(Math.max(...clock.pauses)).toBeLessThan(30_000);
  });

  it('outlives a name that cannot be looked up', async () => {
    // Too long for any name server to be asked.
    const name = `${'x'.repeat(64)}.invalid`;
    server.names.push(name, name, '127.0.0.1', '127.0.0.1', name);
    server.lists.push(list('7', pod('a', '3')), list('7', pod('a', '3')));
    server.watches.push(says([added('b', '8')]));

    await watching().knows('a', 'b');

    expect(server.names).toEqual([]);
  });

  it('reads its token again when that has changed', async () => {
    server.lists.push(list('7', pod('a', '3')), list('9', pod('a', '3'), pod('b', '9')));
    server.watches.push(says([], (outgoing) => outgoing.end(() => (server.token = 'second'))));
    server.watches.push(says([added('b', '9')]));

    await watching().knows('a', 'b');

    expect(server.asked.at(-1)?.token).toBe('second');
  });
});
