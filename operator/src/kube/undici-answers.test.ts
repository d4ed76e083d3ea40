import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { json, says, webPage } from '../../../test/fixtures/scripted-server.ts';
import { WatchedServer } from '../../../test/fixtures/watchers.ts';

let watched: WatchedServer;
beforeEach(async () => {
  watched = new WatchedServer();
  await watched.start();
});
afterEach(() => watched.stop());

const path = '/api/v1/namespaces/x/pods';

describe('what the real transport makes of an answer', () => {
  it('is that a watch has been taken on, though nothing happens, and not when it was refused', async () => {
    const stop = new AbortController();
    const opened: string[] = [];
    const watch = (onOpen: () => void) => Array.fromAsync(watched.transport.watch(path, {}, stop.signal, { onOpen }));
    watched.server.watches.push(json(403, { kind: 'Status', code: 403 }), says([]));

    await watch(() => opened.push('refused'));
    await watch(() => opened.push('quiet') && stop.abort());

    expect(opened).toEqual(['quiet']);
  });

  it('is what it says where it is no JSON, though it was called that', async () => {
    watched.server.lists.push((outgoing) =>
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{"items": ['),
    );

    await expect(watched.transport.request({ method: 'GET', path })).rejects.toThrow(
      `the answer to GET ${path} is no JSON: {"items": [`,
    );
  });

  it('is that a proxy was in the way, for a request and a watch alike', async () => {
    const { signal } = new AbortController();
    watched.server.lists.push(webPage(200));
    watched.server.watches.push(webPage(200));
    const told = `GET ${path} was answered with a web page ("Sign in to the network"), HTTP 200: not the API server has answered, but something on the way to it, as a proxy does`;

    await expect(watched.transport.request({ method: 'GET', path })).rejects.toThrow(told);
    await expect(Array.fromAsync(watched.transport.watch(path, {}, signal))).rejects.toThrow(told);
  });
});
