import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleOperator, type OperatorBundle } from '../../scripts/image/operator-bundle.ts';
import { packageFolder } from '../../scripts/image/third-party.ts';
import { packOperator } from '../../scripts/pack-operator.ts';
import { OperatorProcess } from '../../test/fixtures/operator-process.ts';

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const { version, dependencies, devDependencies } = JSON.parse(read('package.json'));

let bundle: OperatorBundle;
beforeAll(async () => {
  bundle = await bundleOperator();
});
const text = (name: string) => String(bundle.files.find((file) => file.name === name)?.bytes);
const all = () => Buffer.concat(bundle.files.map(({ bytes }) => bytes));
const packageOf = (path: string) => packageFolder(path)?.split('node_modules/').at(-1);
const packagesOf = (paths: readonly string[]) =>
  [...new Set(paths.flatMap((path) => packageOf(path) ?? []))].toSorted();

/** What the program has loaded once `output` is: that one, and whatever it does not load late. */
function loadedWith(output: string): readonly string[] {
  const { outputs } = bundle.metafile;
  const reached = new Set(Object.keys(outputs).filter((path) => basename(path).startsWith(output)));
  for (const path of reached)
    for (const one of outputs[path]?.imports ?? []) if (one.kind === 'import-statement') reached.add(one.path);
  return [...reached].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
}

describe('what an image of the operator has to hold', () => {
  it('is its own files alone: nothing of the installer, no test, no schema', () => {
    const own = Object.keys(bundle.metafile.inputs).filter((file) => packageOf(file) === undefined);

    expect(own.length).toBeGreaterThan(80);
    expect(own.filter((file) => !file.startsWith('operator/src/'))).toEqual(['package.json']);
    expect(own.filter((file) => /\.test\.ts$|\/api\/schema\/|-crd\.ts$/.test(file))).toEqual([]);
  });

  it('is six packages, and what those depend on', () => {
    const own = Object.entries(bundle.metafile.inputs).filter(([file]) => packageOf(file) === undefined);
    const direct = packagesOf(own.flatMap(([, { imports }]) => imports.map(({ path }) => path)));

    expect(direct).toEqual(['@kubernetes/client-node', 'js-yaml', 'pino', 'prom-client', 'undici', 'unixcrypt']);
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(direct));
  });

  it('is nothing that only the installer or only the developer needs', () => {
    const held = packagesOf(Object.keys(bundle.metafile.inputs));

    const ours = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => held.includes(name));
    expect(ours).toEqual(['@kubernetes/client-node', 'js-yaml', 'pino', 'prom-client', 'undici', 'unixcrypt']);
  });

  it('loads no package to tell its version or what is wrong with its flags', () => {
    expect(loadedWith('main')).toContain('operator/src/runtime/flags.ts');
    expect(packagesOf(loadedWith('main'))).toEqual([]);
  });

  it('loads client-node and prom-client only where they are needed', () => {
    const loaded = packagesOf(loadedWith('operate-'));

    expect(loaded).toContain('undici');
    expect(loaded).not.toContain('@kubernetes/client-node');
    expect(loaded).not.toContain('prom-client');
    expect(packagesOf(loadedWith('metrics-'))).toContain('prom-client');
  });

  it('keeps the licence of each package that is in it', () => {
    const licences = text('THIRD-PARTY.txt');

    for (const name of packagesOf(Object.keys(bundle.metafile.inputs)))
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\\S*, \\S`, 'm'));
    expect(licences).toContain('Copyright (c) Matteo Collina and Undici contributors');
  });

  it('tells where in the sources a line of a stack is', () => {
    const name = bundle.files.find((file) => /^operate-\w+\.js$/.test(file.name))?.name ?? '';
    const line = text(name).split('\n').indexOf('async function operate(settings) {');
    const map = new SourceMap(JSON.parse(text(`${name}.map`)) as SourceMapPayload);

    const entry = map.findEntry(line, 0);

    expect(entry).toMatchObject({ originalSource: '../operator/src/operate.ts' });
    const source = read('operator/src/operate.ts').split('\n');
    expect('originalLine' in entry && source[entry.originalLine]).toMatch(/^export async function operate\(/);
  });

  it('tells nothing of the machine that it was made on', () => {
    expect(all().toString('latin1')).not.toContain(join(import.meta.dirname, '../..'));
  });

  it('is the same, byte for byte, when it is made again', async () => {
    const again = await bundleOperator();

    expect(again.files.map(({ name }) => name)).toEqual(bundle.files.map(({ name }) => name));
    expect(Buffer.concat(again.files.map(({ bytes }) => bytes)).equals(all())).toBe(true);
  });
});

describe('the program as its image has it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'novasphere-packed-'));
  let program: string;
  let operator: OperatorProcess;
  beforeAll(async () => {
    program = await packOperator(folder);
    operator = await OperatorProcess.prepare(program);
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

  it('tells the version of the product', async () => {
    operator.raw.out = '';
    operator.start({ words: ['--version'] });

    expect(await operator.ended).toBe(0);
    expect(operator.raw).toEqual({ out: `${version}\n`, err: '' });
  });
});
