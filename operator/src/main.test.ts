import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { listen } from '#simulation/api-server/listen';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { wukongCrd } from './api/wukong-crd.ts';
import { systemTime } from './runtime/time.ts';

const lease = '/apis/coordination.k8s.io/v1/namespaces/default/leases/wukong-operator';
let server: SimulatedApiServer;
let place: { readonly url: string; close(): Promise<void> };
let child: ChildProcess | undefined;

beforeEach(async () => {
  server = new SimulatedApiServer({ clock: systemTime });
  place = await listen(server, 0);
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await place.close();
});

/** The operator as a process of its own, and the lines of its log. */
function launch(url = place.url) {
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'novasphere-operator-')), 'kubeconfig');
  const user = { name: 'u', user: { token: 'hunter2' } };
  const clusters = [{ name: 'c', cluster: { server: url, 'insecure-skip-tls-verify': true } }];
  const contexts = [{ name: 'x', context: { cluster: 'c', user: 'u' } }];
  const config = { apiVersion: 'v1', kind: 'Config', 'current-context': 'x', clusters, contexts, users: [user] };
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  const env = { ...process.env, KUBECONFIG: kubeconfig, POD_NAMESPACE: 'default', POD_NAME: 'pod-1' };
  const running = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], { env, stdio: 'pipe' });
  child = running;
  const lines: Json[] = [];
  const raw = { err: '' };
  createInterface({ input: running.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
  running.stderr.on('data', (text) => (raw.err += text));
  const ended = new Promise<number | null>((resolve) => running.once('close', resolve));
  const until = async (message: string) => {
    while (!lines.some((line) => line.msg === message)) await systemTime.sleep(20);
  };
  return { running, lines, raw, ended, until };
}

describe('the process of the operator', () => {
  it('leads, works, and on SIGTERM gives the lease back and ends with 0 in less than 3 s', async () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await server.request({ method: 'POST', path, body: wukongCrd() });
    const { running, lines, raw, ended, until } = launch();
    await until('leading');
    const held = (await server.request({ method: 'GET', path: lease })).body as Json;

    const told = performance.now();
    running.kill('SIGTERM');

    expect(await ended).toBe(0);
    expect(performance.now() - told).toBeLessThan(3000);
    expect(held.spec.holderIdentity).toMatch(/^pod-1_[0-9a-f-]{36}$/);
    const left = (await server.request({ method: 'GET', path: lease })).body as Json;
    expect(left.spec.holderIdentity).toBe('');
    expect(lines.map((line) => [line.level, line.msg])).toEqual([
      ['info', 'leading'],
      ['info', 'no longer leading'],
    ]);
    expect(JSON.stringify(lines) + raw.err).not.toContain('hunter2');
  });

  it('says what keeps it from the API server, and ends on SIGTERM all the same', async () => {
    const { running, ended, lines, until } = launch('http://127.0.0.1:9');
    await until('the API server could not be asked');

    running.kill('SIGTERM');

    expect(await ended).toBe(0);
    expect(lines[0]).toMatchObject({ controller: 'wukong', error: expect.stringContaining('ECONNREFUSED') });
  });

  it('says so when it is not told which cluster to speak to', async () => {
    const { until, lines } = launch('not a URL');

    await until('the API server could not be asked');

    expect(lines[0]).toMatchObject({ level: 'info', name: 'wukong-operator', controller: 'wukong' });
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });
});
