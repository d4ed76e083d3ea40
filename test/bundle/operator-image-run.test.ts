import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImageMade, makeOperatorImage } from '../../scripts/image/operator-image.ts';
import { OperatorProcess } from '../fixtures/operator-process.ts';
import { freePort } from '../testbed/program.ts';
import { container, OperatorContainer, pod, UnpackedImage } from './operator-container.ts';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'novasphere-operator-image-'));

/** Milliseconds: a hundred megabytes are compressed, on a machine that others use too. */
const patience = 300_000;
let made: ImageMade;
let image: UnpackedImage;
beforeAll(async () => {
  // The libraries as the machine's own package sources have them.
  made = await makeOperatorImage(join(folder, 'image'), { architectures: ['amd64'] });
  image = new UnpackedImage(join(folder, 'image'));
}, patience);
afterAll(() => {
  image?.remove();
  rmSync(folder, { recursive: true });
});

/** A file of this machine that the container can read. */
function placed(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o644 });
  return path;
}

describe('the image as our manifest runs it', () => {
  it('is asked for by its name, with its user, and restricted as far as can be', () => {
    expect(container['image']).toBe(made.reference);
    expect(pod['securityContext'].runAsNonRoot).toBe(true);
    expect(image.config['config']).toMatchObject({
      User: `${pod['securityContext'].runAsUser}:65532`,
      Entrypoint: ['/usr/bin/node', '/app/main.js'],
    });
    expect(container['command']).toBe(undefined);
    expect(container['securityContext']).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('tells its version', async () => {
    const run = new OperatorContainer(image, { words: ['--version'] });

    expect([await run.ended, run.said]).toEqual([0, { out: `${version}\n`, err: '' }]);
    await run.close();
  });

  it('operates: it is well, leads, makes what a Wukong asks for, and ends when it is told to', async () => {
    const cluster = await OperatorProcess.prepare();
    const [health, metrics] = [await freePort(), await freePort()];
    const ports: Readonly<Record<string, number>> = { ':8080': metrics, ':8081': health };
    const words = container['args'].map((word: string) => word.replace(/:\d+$/, (port) => `127.0.0.1:${ports[port]}`));
    const limits = container['env'].filter(({ value }: { value?: string }) => value !== undefined);
    const env = limits.map(({ name, value }: { name: string; value: string }) => `${name}=${value}`);
    const files = { '/etc/kubeconfig': placed('kubeconfig', kubeconfig(cluster.url)) };
    const run = new OperatorContainer(image, {
      words,
      files,
      env: [...env, 'KUBECONFIG=/etc/kubeconfig', 'POD_NAME=pod-1', 'POD_NAMESPACE=default'],
    });
    const answer = async (port: number, path: string) =>
      fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);

    await expect.poll(async () => (await answer(health, '/healthz'))?.status, patient).toBe(200);
    await expect.poll(async () => (await answer(health, '/readyz'))?.status, patient).toBe(200);
    await expect.poll(() => run.said.out, patient).toContain('"leading"');
    expect(await (await answer(metrics, '/metrics'))?.text()).toContain('\nleader 1\n');
    await cluster.create({ cloudInitUser: { name: 'plant', password: 'a long one' } });
    const path = '/api/v1/namespaces/default/secrets/press-cloudinit';
    await expect.poll(async () => (await cluster.server.request({ method: 'GET', path })).status, patient).toBe(200);
    run.signal('SIGTERM');

    expect(await run.ended).toBe(0);
    expect(run.said.err).toBe('');
    expect(await cluster.holder()).toBe('');
    await Promise.all([run.close(), cluster.close()]);
  });
});

const patient = { timeout: 60_000, interval: 50 };

function kubeconfig(server: string): string {
  const clusters = [{ name: 'c', cluster: { server } }];
  const contexts = [{ name: 'x', context: { cluster: 'c', user: 'u' } }];
  const users = [{ name: 'u', user: { token: 'of-nobody' } }];
  return JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': 'x', clusters, contexts, users });
}

describe('whoever gets hold of the program in the image', () => {
  /** What Node.js says to a piece of program, restricted as the operator is. */
  async function within(program: string, about: ConstructorParameters<typeof OperatorContainer>[1] = {}) {
    const words = ['--input-type=module', '--eval', `${program}; console.log(JSON.stringify(told))`];
    const run = new OperatorContainer(image, { program: ['/usr/bin/node', ...words], ...about });
    await run.ended;
    await run.close();
    expect(run.said.err).toBe('');
    return JSON.parse(run.said.out);
  }

  it('is nobody: not root, without a capability or a way to one', async () => {
    const told = await within(`
      import { readFileSync } from 'node:fs';
      import { userInfo } from 'node:os';
      const status = readFileSync('/proc/self/status', 'utf8').match(/^(CapEff|CapBnd|NoNewPrivs):.*$/gm);
      const told = [userInfo().username, process.getuid(), process.getgid(), ...status]`);

    const none = '0000000000000000';
    expect(told).toEqual(['nonroot', 65532, 65532, `CapEff:\t${none}`, `CapBnd:\t${none}`, 'NoNewPrivs:\t1']);
  });

  /** Every folder and file but those of the kernel; those that may be written to; what comes of writing. */
  const writing = `
    import { accessSync, constants, readdirSync, writeFileSync } from 'node:fs';
    const tops = readdirSync('/').filter((name) => !['proc', 'dev'].includes(name));
    const below = (top) => readdirSync('/' + top, { recursive: true }).map((path) => '/' + top + '/' + path);
    const all = ['/', ...tops.flatMap((top) => ['/' + top, ...below(top)])];
    const may = (path) => { try { accessSync(path, constants.W_OK); return [path]; } catch { return []; } };
    let error; try { writeFileSync('/app/new', ''); } catch ({ code }) { error = code; }
    const told = [all.length > 30, all.flatMap(may), error]`;

  it('can write nowhere: the root file system is for reading', async () => {
    expect(await within(writing)).toEqual([true, [], 'EROFS']);
  });

  it('could write nowhere even if the root file system were not', async () => {
    expect(await within(writing, { writableRoot: true })).toEqual([true, [], 'EACCES']);
  });

  it('finds no shell to run', async () => {
    const told = await within(`
      import { spawnSync } from 'node:child_process';
      const told = ['sh', 'bash', 'busybox', '/bin/sh'].map((name) => spawnSync(name).error.code)`);

    expect(told).toEqual(['ENOENT', 'ENOENT', 'ENOENT', 'ENOENT']);
  });

  it('can look up the names that the kubelet writes into /etc/hosts', async () => {
    const program = `
      import { lookup } from 'node:dns/promises';
      const told = (await lookup('press.example')).address`;

    const told = await within(program, { files: { '/etc/hosts': placed('hosts', '192.0.2.7 press.example\n') } });

    expect(told).toBe('192.0.2.7');
  });
});
