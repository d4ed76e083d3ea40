import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operatorClosure } from '../../scripts/operator-closure.ts';
import { packOperator } from '../../scripts/pack-operator.ts';
import { OperatorProcess } from '../../test/fixtures/operator-process.ts';

const closure = operatorClosure();
const { dependencies, devDependencies } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
);

describe('what an image of the operator has to hold', () => {
  it('is its own files alone: nothing of the installer, no test, no schema', () => {
    const strange = closure.files.filter((file) => !file.startsWith('operator/src/'));

    expect(closure.files.length).toBeGreaterThan(80);
    expect(strange).toEqual([]);
    expect(closure.files.filter((file) => /\.test\.ts$|\/api\/schema\/|-crd\.ts$/.test(file))).toEqual([]);
  });

  it('is six packages, and what those depend on', () => {
    expect(closure.packages).toEqual([
      '@kubernetes/client-node',
      'js-yaml',
      'pino',
      'prom-client',
      'undici',
      'unixcrypt',
    ]);
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining([...closure.packages]));
  });

  it('is nothing that only the installer or only the developer needs', () => {
    const others = Object.keys({ ...dependencies, ...devDependencies }).filter(
      (name) => !closure.packages.includes(name),
    );

    expect(others).toContain('zod');
    expect(closure.installed.filter((name) => others.includes(name))).toEqual([]);
  });
});

describe('the program as its image has it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'novasphere-packed-'));
  let operator: OperatorProcess;
  beforeAll(async () => {
    operator = await OperatorProcess.prepare(packOperator(folder));
  });
  afterAll(async () => {
    await operator?.close();
    rmSync(folder, { recursive: true });
  });

  it('runs: it leads, and writes what a new machine is told at its first start', async () => {
    operator.start();
    await operator.until('leading');

    await operator.create({ cloudInitUser: { name: 'plant', password: 'a long one' } });

    const path = '/api/v1/namespaces/default/secrets/press-cloudinit';
    await expect.poll(async () => (await operator.server.request({ method: 'GET', path })).status).toBe(200);
    operator.signal('SIGTERM');
    expect(await operator.ended).toBe(0);
  });
});
