import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { podAccess, type Surroundings } from './pod-access.ts';

let home: string;
let now: number;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'novasphere-pod-'));
  now = 0;
  write('token', 'one\n');
  write('ca.crt', 'authority');
});
afterEach(() => rmSync(home, { recursive: true }));

function write(file: string, text: string): void {
  writeFileSync(join(home, file), text);
}

function access(environment: NodeJS.ProcessEnv = {}, about: Partial<Surroundings> = {}) {
  const pod = { KUBERNETES_SERVICE_HOST: '10.43.0.1', KUBERNETES_SERVICE_PORT: '443', ...environment };
  return podAccess({ environment: pod, home, account: home, now: () => now, ...about });
}

describe('the access of a pod', () => {
  it('is the service account that the kubelet gave it', async () => {
    expect(await access()?.current()).toEqual({
      server: 'https://10.43.0.1:443',
      headers: { authorization: 'Bearer one' },
      tls: { ca: 'authority' },
    });
  });

  it('knows an address of IPv6, and the proxy of the environment', async () => {
    const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', HTTPS_PROXY: 'http://proxy:3128' };

    expect(await access(environment)?.current()).toMatchObject({
      server: 'https://[fd00::1]:443',
      proxy: 'http://proxy:3128',
    });
  });

  it('is read again after a minute, and at once when it was refused', async () => {
    const pod = access();
    const token = async (fresh?: boolean) => (await pod?.current(fresh))?.headers['authorization'];
    await token();
    write('token', 'two');

    expect(await token()).toBe('Bearer one');
    expect(await token(true)).toBe('Bearer two');
    write('token', 'three');
    now = 61_000;
    expect(await token()).toBe('Bearer three');
  });

  it('is looked for again when it could not be read', async () => {
    const pod = access();
    rmSync(join(home, 'ca.crt'));
    await expect(pod?.current()).rejects.toThrow('ENOENT');
    write('ca.crt', 'authority');

    expect((await pod?.current())?.tls).toEqual({ ca: 'authority' });
  });

  it('is none outside of a pod, and where a kubeconfig is there', () => {
    expect(access({ KUBERNETES_SERVICE_HOST: '' })).toBeUndefined();
    expect(access({}, { account: join(home, 'nowhere') })).toBeUndefined();
    expect(access({ KUBECONFIG: '/root/config' })).toBeUndefined();
    mkdirSync(join(home, '.kube'));
    write('.kube/config', '');
    expect(access()).toBeUndefined();
  });
});
