import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlPlane } from '../testbed/control-plane.ts';

describe('the test bed', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await ControlPlane.start();
  });
  afterAll(() => plane.close());

  it('runs in a network of its own, which nothing leaves', async () => {
    const outside = new Promise((_resolve, reject) => {
      connect({ host: '192.0.2.1', port: 443 }).once('error', reject);
    });

    expect(Object.keys(networkInterfaces())).toEqual(['lo']);
    await expect(outside).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('knows who asked, and what could have changed something', async () => {
    const transport = plane.transport('novasphere-installer');
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace: 'default' } };
    const path = '/api/v1/namespaces/default/configmaps';

    await transport.request({ method: 'POST', path, body: configMap, query: { dryRun: 'All' } });
    await transport.request({ method: 'POST', path, body: configMap });

    const own = (await plane.audit()).filter(({ user }) => user === 'novasphere-installer');
    expect(own.map(({ verb, code, mutating }) => [verb, code, mutating])).toEqual([
      ['create', 201, false],
      ['create', 201, true],
    ]);
  });

  it('keeps what it stored through the end of its API server, and takes new tokens from then on', async () => {
    const transport = plane.transport('admin');
    const path = '/api/v1/namespaces';
    await transport.request({ method: 'POST', path, body: { metadata: { name: 'kept' } } });
    const old = plane.token('admin');

    await plane.stopApiServer();
    await plane.changeTokens();
    await plane.startApiServer();

    const { status } = await transport.request({ method: 'GET', path: `${path}/kept` });
    expect(status).toBe(200);
    expect(plane.token('admin')).not.toBe(old);
  });
});
