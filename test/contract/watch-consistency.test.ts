import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/object';
import { type Answer, json, list, pod, type ScriptedServer, says, webPage } from '../fixtures/scripted-server.ts';
import { WatchedServer, type Watcher } from '../fixtures/watchers.ts';

// What is read of a server is what the server holds, however it comes over the wire.

let watched: WatchedServer;
let server: ScriptedServer;
beforeEach(async () => {
  watched = new WatchedServer();
  await watched.start();
  ({ server } = watched);
});
afterEach(() => watched.stop());

const added = (object: object) => ({ type: 'ADDED', object });
const modified = (object: object) => ({ type: 'MODIFIED', object });
const gone = { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired', message: 'too old' };
const versions = (objects: readonly KubeObject[]) =>
  objects.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).toSorted();
const page = (token: string, ...items: readonly object[]): Answer =>
  json(200, { kind: 'PodList', metadata: { resourceVersion: '7', continue: token }, items });
const many = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => pod(`pod-${from + index}`, '3'));

describe.each([
  ['the reflector', (): Watcher => watched.reflected()],
  ['the observation of a gate', (): Watcher => watched.observed()],
])('%s', (_, watching) => {
  it('knows the new from the old of one name, where one was deleted and the other made while nobody looked', async () => {
    const [before, after] = [
      pod('a', '3'),
      { ...pod('a', '15'), metadata: { ...pod('a', '15').metadata, uid: 'new' } },
    ];
    server.lists.push(list('7', before), list('20', after));
    server.watches.push(json(410, gone));

    const found = await watching().knowsWhat(([one]) => one?.metadata.uid === 'new');

    expect(versions(found)).toEqual(['a@15']);
  });

  it('keeps the newer state when an older one comes after it, and when one comes twice', async () => {
    server.lists.push(list('7', pod('a', '3')));
    const [older, newer] = [modified(pod('a', '8')), modified(pod('a', '9'))];
    server.watches.push(says([newer, older, newer, added(pod('b', '10')), added(pod('b', '10'))]));

    expect(versions(await watching().knows('a', 'b'))).toEqual(['a@9', 'b@10']);
  });

  it('does not skip an event of a type that it does not know', async () => {
    server.lists.push(list('7', pod('a', '3')), list('7', pod('a', '3')));
    server.watches.push(says([{ type: 'RENAMED', object: pod('a', '8') }]), says([added(pod('b', '9'))]));

    await watching().knows('a', 'b');

    expect(server.asked.filter(({ kind }) => kind === 'watch').map(({ from }) => from)).toEqual(['7', '7']);
  });

  it('reads letters that were cut in two on the way', async () => {
    const object = { ...pod('b', '8'), note: 'größer 😀' };
    const bytes = Buffer.from(`${JSON.stringify(added(object))}\n`);
    server.lists.push(list('7'));
    server.watches.push(says([], (outgoing) => bytes.forEach((byte) => outgoing.write(Uint8Array.of(byte)))));

    const found = await watching().knows('b');

    expect(found[0]?.['note']).toBe('größer 😀');
  });

  it('reads an object of five megabytes', async () => {
    server.lists.push(list('7'));
    server.watches.push(says([added({ ...pod('b', '8'), big: 'x'.repeat(5_000_000) })]));

    const found = await watching().knows('b');

    expect(found[0]?.['big']).toHaveLength(5_000_000);
  });

  it('reads twelve hundred objects page by page', async () => {
    server.lists.push(page('one', ...many(0, 500)), page('two', ...many(500, 1000)), page('', ...many(1000, 1200)));

    const found = await watching().knowsWhat((objects) => objects.length >= 1200);

    expect(new Set(versions(found)).size).toBe(1200);
    const lists = server.asked.filter(({ kind }) => kind === 'list');
    expect(lists.map(({ page: token }) => token)).toEqual([null, 'one', 'two']);
  });

  it('reads the whole list again at once when a page has expired', async () => {
    server.lists.push(page('one', pod('a', '3')), json(410, gone), list('9', pod('a', '3'), pod('b', '8')));

    await watching().knows('a', 'b');

    expect(server.asked.slice(0, 3).map(({ page: token }) => token)).toEqual([null, 'one', null]);
  });

  it('learns of what changed between two pages', async () => {
    server.lists.push(page('one', pod('a', '3')), page('', pod('b', '4')));
    server.watches.push(says([modified(pod('a', '8')), modified(pod('b', '9'))]));

    const found = await watching().knowsWhat((objects) => versions(objects).includes('b@9'));

    expect(versions(found)).toEqual(['a@8', 'b@9']);
    expect(server.asked.at(-1)).toMatchObject({ kind: 'watch', from: '7' });
  });

  it('begins though the first lists fail', async () => {
    const failed = json(500, { kind: 'Status', code: 500, message: 'etcdserver: no leader' });
    server.lists.push(failed, failed, webPage(502), failed, list('7', pod('a', '3')));

    await watching().knows('a');
  });

  it.each([
    ['no items', list('7')],
    [
      'nothing in the place of its items',
      json(200, { kind: 'PodList', metadata: { resourceVersion: '7' }, items: null }),
    ],
  ])('takes a list with %s for an empty one, and watches on', async (_what, empty) => {
    server.lists.push(empty);
    server.watches.push(says([added(pod('a', '8'))]));

    await watching().knows('a');
  });

  it('does not take an answer that is no list for an empty one', async () => {
    server.lists.push(json(200, {}), json(200, { kind: 'Status', status: 'Success' }), list('7', pod('a', '3')));

    const found = await watching().knowsWhat(() => true);

    expect(versions(found)).toEqual(['a@3']);
  });
});
