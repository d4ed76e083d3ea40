import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { provenBundle } from '../fixtures/proven-bundle.ts';
import { novasphere, scratch, screenOf } from './novasphere.ts';

const files: Readonly<Record<string, string>> = {
  'bin/k3s': 'a binary',
  'manifests/multus/a.yml': 'kind: DaemonSet\n',
};
let bundle: string;

beforeEach(() => {
  bundle = join(scratch(), 'bundle');
  for (const [path, content] of Object.entries(files)) put(path, content);
  index(Object.keys(files));
});

function put(path: string, content: string): void {
  mkdirSync(join(bundle, path, '..'), { recursive: true });
  writeFileSync(join(bundle, path), content);
}

function index(paths: readonly string[]): void {
  const entries = paths.map((path) => {
    const content = files[path] ?? 'x';
    return { path, sha256: createHash('sha256').update(content).digest('hex'), size: Buffer.byteLength(content) };
  });
  put('bundle.yaml', JSON.stringify({ version: 1, files: entries }));
}

/** What `plan` says of the bundle, with the place of the bundle in short. */
async function plan() {
  const words = ['plan', 'profiles/lab-vm.yaml', '--bundle', bundle];
  const { exitCode, out, err } = await novasphere(words, { NOVASPHERE_STATE: scratch() });
  const short = (text: string) => text.replaceAll(bundle, '/bundle');
  return { exitCode, screen: short(screenOf(out, 'Check that the bundle is whole')), err: short(err), out };
}

describe('a plan from a bundle', () => {
  it('says nothing of a bundle that is what its index says', async () => {
    // Made for the machine that the test runs on, whatever its Ubuntu is.
    const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
    bundle = await provenBundle(join(scratch(), 'whole'), { madeFor: { architecture } });

    const { screen, err } = await plan();

    expect(screen).toBe('');
    expect(err).toBe('');
  });

  it('asks for a proof of one that is as whole as it was made, and may lack images', async () => {
    expect((await plan()).screen).toMatchInlineSnapshot(`
      "✖ Check that the bundle is whole
        nobody has proven that the bundle is complete
        because  it has no proof.json
        where    bundle /bundle, host lab-vm, step
                 preflight/bundle
        try      novasphere bundle prove /bundle
                   where the bundle was made: names every image and who asks for it
                 take a bundle that was proven
      "
    `);
  });

  it('shows one flipped byte', async () => {
    put('bin/k3s', 'a binarY');

    const { exitCode, screen } = await plan();

    expect(exitCode).toBe(1);
    expect(screen).toMatchInlineSnapshot(`
      "✖ Check that the bundle is whole
        the bundle is not whole: 1 file is not as its index says
        where    bundle /bundle, host lab-vm, step
                 preflight/bundle
        seen     changed bin/k3s: sha256 3a12bb08c627… instead of a31362f60e9c…
        try      copy the bundle again from where it was made
                 novasphere plan PROFILE --bundle /bundle
                   reads every file again
      "
    `);
  });

  it('shows a missing file', async () => {
    rmSync(join(bundle, 'bin/k3s'));

    expect((await plan()).screen).toMatchInlineSnapshot(`
      "✖ Check that the bundle is whole
        the bundle is not whole: 1 file is not as its index says
        where    bundle /bundle, host lab-vm, step
                 preflight/bundle
        seen     missing bin/k3s: the index names it, the directory lacks it
        try      copy the bundle again from where it was made
                 novasphere plan PROFILE --bundle /bundle
                   reads every file again
      "
    `);
  });

  it('shows a file too many', async () => {
    put('bin/k4s', 'who put this here?');

    expect((await plan()).screen).toMatchInlineSnapshot(`
      "✖ Check that the bundle is whole
        the bundle is not whole: 1 file is not as its index says
        where    bundle /bundle, host lab-vm, step
                 preflight/bundle
        seen     extra bin/k4s: the index does not name it
        try      copy the bundle again from where it was made
                 novasphere plan PROFILE --bundle /bundle
                   reads every file again
      "
    `);
  });

  it('shows a path that escapes', async () => {
    index([...Object.keys(files), '../../etc/shadow']);

    expect((await plan()).screen).toMatchInlineSnapshot(`
      "✖ Check that the bundle is whole
        the bundle is not whole: 1 file is not as its index says
        where    bundle /bundle, host lab-vm, step
                 preflight/bundle
        seen     escapes ../../etc/shadow: it leads out of the bundle
        try      copy the bundle again from where it was made
                 novasphere plan PROFILE --bundle /bundle
                   reads every file again
      "
    `);
  });

  it('shows all of them together, and goes on with the rest of the plan', async () => {
    put('bin/k3s', 'a binarY');
    put('bin/k4s', 'who put this here?');
    rmSync(join(bundle, 'manifests/multus/a.yml'));

    const { screen, out } = await plan();

    expect(screen).toMatchInlineSnapshot(`
      "✖ Check that the bundle is whole
        the bundle is not whole: 3 files are not as its index says
        where    bundle /bundle, host lab-vm, step
                 preflight/bundle
        seen     changed bin/k3s: sha256 3a12bb08c627… instead of a31362f60e9c…
                 extra bin/k4s: the index does not name it
                 missing manifests/multus/a.yml: the index names it, the directory lacks it
        try      copy the bundle again from where it was made
                 novasphere plan PROFILE --bundle /bundle
                   reads every file again
      "
    `);
    expect(out).toContain('Prepare the host');
  });

  it.for<[string, () => void]>([
    ['is not there', () => rmSync(bundle, { recursive: true })],
    ['has no index', () => rmSync(join(bundle, 'bundle.yaml'))],
    ['has an index that is no YAML', () => put('bundle.yaml', 'files: [')],
    ['has an index of a newer version', () => put('bundle.yaml', 'version: 2\nfiles: []\n')],
  ])('ends with one fault when the bundle %s', async ([name, spoil]) => {
    spoil();

    const { exitCode, err, out } = await plan();

    expect(exitCode).toBe(1);
    expect(out).toBe('');
    await expect(err).toMatchFileSnapshot(`../golden/cli/bundle-${name.replaceAll(' ', '-')}.txt`);
  });
});
