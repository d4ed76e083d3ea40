import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '#cli/main';
import { type Listening, listen } from '#simulation/api-server/listen';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { kubeconfigFile } from '../fixtures/kubeconfig.ts';

const scratch = mkdtempSync(join(tmpdir(), 'novasphere-explain-'));
const server = new SimulatedApiServer({ clock: new VirtualClock() });
const listening: Listening = await listen(server);
afterAll(() => listening.close());

/** Runs the command line without a terminal and without any journal. */
async function novasphere(...words: readonly string[]) {
  const written = { out: '', err: '' };
  const sink = (key: 'out' | 'err') => ({
    isTTY: false,
    columns: 80,
    write: (text: string) => {
      written[key] += text.replaceAll(/in \d+\.\d s/g, 'in 0.4 s').replaceAll(scratch, '/scratch');
    },
    on: () => undefined,
  });
  const exitCode = await main(words, {
    stdin: Object.assign(new PassThrough().end(), { isTTY: false }),
    stdout: sink('out'),
    stderr: sink('err'),
    environment: { NOVASPHERE_STATE: join(scratch, 'state'), LANG: 'C.UTF-8' },
  });
  return { exitCode, ...written };
}

async function put(path: string, body: unknown): Promise<void> {
  const { status } = await server.request({ method: 'POST', path, body });
  expect(status).toBe(201);
}

describe('novasphere explain --kubeconfig', () => {
  const kubeconfig = kubeconfigFile(scratch, listening.url);

  it('says what was looked at when nothing is wrong, and ends with 0', async () => {
    expect(await novasphere('explain', '--kubeconfig', kubeconfig)).toEqual({
      exitCode: 0,
      out: 'nothing is wrong: 0 nodes, 0 pods, 0 components looked at in 0.4 s\n',
      err: '',
    });
  });

  it('writes nothing to the cluster', () => {
    expect(server.writes).toBe(0);
  });

  it('tells the root without any journal, and ends with 1', async () => {
    const spec = {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'fast',
      resources: { requests: { storage: '1Gi' } },
    };
    await put('/api/v1/namespaces/default/persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'default' },
      spec,
    });

    const { exitCode, out } = await novasphere('explain', '--kubeconfig', kubeconfig);

    expect(out).toMatchInlineSnapshot(`
      "1 thing is wrong: 0 nodes, 0 pods, 0 components looked at in 0.4 s

      ✖ StorageClass fast missing
        the claim default/data has no volume
        because  it asks for the StorageClass fast, which does not exist
        where    object PersistentVolumeClaim default/data
        try      kubectl get storageclasses
                 novasphere apply PROFILE --only longhorn
                   makes the classes of the platform
      "
    `);
    expect(exitCode).toBe(1);
  });

  it('tells scripts the same', async () => {
    const { out } = await novasphere('explain', '--kubeconfig', kubeconfig, '--output', 'json');

    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      now: {
        isHealthy: false,
        looked: { nodes: 0, pods: 0, components: [] },
        roots: [
          { title: 'StorageClass fast missing', signature: null, fault: { code: 'STORAGE-FAILED' }, consequences: [] },
        ],
        unread: [],
      },
    });
  });

  it('says which lists it may not see, and tells the rest', async () => {
    const body = {
      kind: 'Status',
      status: 'Failure',
      reason: 'Forbidden',
      code: 403,
      message: 'nodes is forbidden: User "admin" cannot list resource "nodes"',
    };
    server.failNext(({ path }) => path === '/api/v1/nodes', { status: 403, body });

    const { out } = await novasphere('explain', '--kubeconfig', kubeconfig);

    expect(out.trimEnd().split('\n').slice(-2)).toEqual([
      'not looked at: Node of v1: nodes is forbidden: User "admin" cannot list resource',
      '"nodes"',
    ]);
  });
});

describe('novasphere explain', () => {
  it('asks for a cluster where there is neither a run nor k3s', async () => {
    const { exitCode, err } = await novasphere('explain');

    expect(exitCode).toBe(2);
    expect(err).toMatchInlineSnapshot(`
      "✖ There is no such run
        no run has been recorded on this machine yet, and it has no cluster
        where    directory /scratch/state
        try      novasphere explain --kubeconfig FILE
                   explains a cluster elsewhere
                 novasphere apply PROFILE
      "
    `);
  });
});
