import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { root } from '../fixtures/rehearsed.ts';

/** The programs of a bed that run now, seen from here: of this test's own and of everything that it started. */
function programs(): readonly string[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const words = numbers.map((number) => {
    try {
      const [program = '', ...flags] = readFileSync(`/proc/${number}/cmdline`, 'utf8').split('\0');
      // One that is only asked for its version is not part of a bed.
      return flags.length > 3 ? program : '';
    } catch {
      return '';
    }
  });
  return words.flatMap((word) => /\/(etcd|kube-\S+|kwok)$/.exec(word)?.[1] ?? []).toSorted();
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(50);
}

function runner(): ChildProcess {
  const script = `import { ControlPlane } from ${JSON.stringify(join(root, 'test/testbed/control-plane.ts'))}; await ControlPlane.start(); setInterval(() => {}, 1000);`;
  const words = ['--input-type=module', '--eval', script];
  return spawn(join(root, 'test/testbed/in-namespace'), words, { cwd: root, stdio: 'ignore' });
}

const all = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

it('ends every program of a bed when the process that started it is killed', async () => {
  const child = runner();
  await until(() => programs().length === all.length);
  expect(programs()).toEqual(all);

  child.kill('SIGKILL');

  await until(() => programs().length === 0);
});

it('gives a developer a cluster, and takes all of it away', async () => {
  const env = { ...process.env, XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'testbed-')) };
  const testbed = (...words: readonly string[]) =>
    new Promise<string>((resolve) => {
      const child = spawn(join(root, 'scripts/testbed'), words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
      child.once('exit', (code) => resolve(`${code}: ${text.split('\n')[0]}`));
    });

  expect(await testbed('status')).toBe('1: no test bed is running; scripts/testbed up starts one');
  expect(await testbed('up', '--bare')).toMatch(/^0: the test bed answers at https:\/\/127\.0\.0\.1:\d+, process \d+$/);
  expect(programs()).toEqual([...all, 'kwok']);
  expect(await testbed('status')).toMatch(/^0: the test bed answers at /);
  expect(await testbed('down')).toBe('0: the test bed has ended');
  await until(() => programs().length === 0);
});
