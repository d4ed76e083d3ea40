import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { probes } from './probes.ts';
import { type Serving, serve } from './serve.ts';

describe('the server of probes', () => {
  let serving: Serving | undefined;
  afterEach(() => serving?.close());

  const begin = async () => {
    serving = await serve(
      { host: '127.0.0.1', port: 0 },
      probes({ healthz: [{ name: 'all', look: () => undefined }] }),
    );
    return `http://127.0.0.1:${serving.port}`;
  };

  it('answers GET and HEAD, and nothing else', async () => {
    const base = await begin();

    const got = await fetch(`${base}/healthz`);
    expect([got.status, await got.text(), got.headers.get('content-type')]).toEqual([
      200,
      'ok\n',
      'text/plain; charset=utf-8',
    ]);
    const head = await fetch(`${base}/healthz`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(`${base}/healthz`, { method: 'POST', body: 'x' })).status).toBe(405);
    expect((await fetch(`${base}/metrics`)).status).toBe(404);
  });

  it('refuses headers that are too long', async () => {
    const base = await begin();

    const got = await fetch(`${base}/healthz`, { headers: { long: 'x'.repeat(9000) } });

    expect(got.status).toBe(431);
  });

  it('tells nothing of an answer that went wrong', async () => {
    serving = await serve({ host: '127.0.0.1', port: 0 }, () => {
      throw new Error('hunter2');
    });

    const got = await fetch(`http://127.0.0.1:${serving.port}/healthz`);

    expect([got.status, await got.text()]).toEqual([500, 'this could not be told\n']);
  });

  it('says so where it cannot listen, and takes its connections along when it ends', async () => {
    const base = await begin();
    const port = Number(new URL(base).port);
    await expect(serve({ host: '127.0.0.1', port }, () => undefined)).rejects.toThrow('EADDRINUSE');

    const open = connect(port, '127.0.0.1');
    const closed = new Promise((resolve) => open.once('close', resolve));
    await new Promise((resolve) => open.once('connect', resolve));
    await fetch(`${base}/healthz`);
    await serving?.close();

    await closed;
    await expect(fetch(`${base}/healthz`)).rejects.toThrow('fetch failed');
  });
});
