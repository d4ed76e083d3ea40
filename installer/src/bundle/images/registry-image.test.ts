import { describe, expect, test } from 'vitest';
import { type Blob, blob, descriptor, makeLayer, makeManifest } from '../../../../test/testbed/registry-images.ts';
import { saidBySkopeo } from '../../../../test/testbed/said-by-skopeo.ts';
import { imageManifest } from './raw-manifest.ts';
import { asked, byDigest, repositoryOf } from './registry-access.ts';
import { registryImage } from './registry-image.ts';

const [first, second] = [makeManifest('any', [makeLayer('a')]), makeManifest('any', [makeLayer('b')])] as const;

function indexOf(platforms: readonly (readonly [Blob, Readonly<Record<string, string>>])[]): Blob {
  const manifests = platforms.map(([one, platform]) => ({ ...descriptor(one), platform }));
  return blob(Buffer.from(JSON.stringify({ schemaVersion: 2, manifests })), '');
}

async function platformsOf(...platforms: Parameters<typeof indexOf>[0]) {
  const { access } = saidBySkopeo({
    'quay.io/a/b:v1': indexOf(platforms),
    [`quay.io/a/b@${first.digest}`]: first,
    [`quay.io/a/b@${second.digest}`]: second,
  });
  const found = await registryImage('quay.io/a/b:v1', access);
  return Object.entries(found.platforms).map(([architecture, { digest }]) => `${architecture} ${digest}`);
}

describe('the platforms of an index', () => {
  test('are those of Linux, whatever else is in it', async () => {
    const found = await platformsOf(
      [second, { architecture: 'amd64', os: 'windows' }],
      [second, { architecture: 'unknown', os: 'unknown' }],
      [first, { architecture: 'amd64', os: 'linux' }],
    );
    expect(found).toEqual([`amd64 ${first.digest}`]);
  });

  test('are of the variant that every such machine runs', async () => {
    const found = await platformsOf(
      [second, { architecture: 'amd64', os: 'linux', variant: 'v3' }],
      [second, { architecture: 'arm64', os: 'linux', variant: 'v9' }],
      [first, { architecture: 'arm64', os: 'linux', variant: 'v8' }],
    );
    expect(found).toEqual([`arm64 ${first.digest}`]);
  });
});

describe('what a registry may not have', () => {
  test('is a manifest of the first version', async () => {
    const { access } = saidBySkopeo([{ stdout: '{"schemaVersion":1,"fsLayers":[]}' }]);
    await expect(registryImage('quay.io/a/b:v1', access)).rejects.toMatchObject({
      code: 'FETCH-FAILED',
      message: 'quay.io/a/b:v1 is no image that a bundle can hold',
      cause: 'what it names is neither a manifest of OCI nor one of Docker (version 2, schema 2)',
    });
  });

  test.for([
    'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
    'application/vnd.oci.image.layer.nondistributable.v1.tar',
  ])('is a layer that lies somewhere else: %s', (mediaType) => {
    const layer = { ...makeLayer('windows'), mediaType };
    const manifest = makeManifest('amd64', [layer]);
    expect(() => imageManifest('quay.io/a/b:v1', manifest.bytes.toString())).toThrow(
      expect.objectContaining({
        cause: `its registry does not hold the layer ${layer.digest}: it lies at its maker's`,
      }),
    );
  });
});

describe('asking skopeo', () => {
  const cut = { exitCode: 1, stderr: 'level=fatal msg="unexpected EOF"' };
  const manifest = makeManifest('amd64', [makeLayer('a')]);
  const answers = [{ stdout: manifest.bytes.toString() }, { stdout: manifest.config.bytes.toString() }];

  test('is tried four times, with longer and longer pauses', async () => {
    const { access, pauses } = saidBySkopeo([cut, cut, cut, ...answers]);
    expect(await registryImage('quay.io/a/b:v1', access)).toMatchObject({ digest: manifest.digest });
    expect(pauses).toEqual([2000, 8000, 30_000]);
  });

  test('tells why it waits', async () => {
    const { access } = saidBySkopeo([cut, { exitCode: 1, stderr: 'toomanyrequests: slow down' }, ...answers]);
    const told: unknown[] = [];
    await registryImage('quay.io/a/b:v1', access, { tell: (event) => told.push(event) });
    expect(told).toEqual([
      { kind: 'waiting', because: 'the registry did not send it to its end', milliseconds: 2000 },
      { kind: 'waiting', because: 'the registry was asked too often', milliseconds: 120_000 },
    ]);
  });

  test('ends when somebody ends it, before anything is asked', async () => {
    const { access, commands } = saidBySkopeo([]);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(registryImage('quay.io/a/b:v1', access, { signal })).rejects.toThrow('enough');
    expect(commands).toEqual([]);
  });

  test('says what is full when it is the disk', async () => {
    const { access } = saidBySkopeo([{ exitCode: 1, stderr: 'write /tmp/x: no space left on device' }]);
    await expect(registryImage('quay.io/a/b:v1', access)).rejects.toMatchObject({
      code: 'HOST-DISK-FULL',
      message: 'cannot store quay.io/a/b:v1: the disk is full',
    });
  });

  test('says nothing of TLS, so that the configuration of this machine counts, unless a mirror has none', async () => {
    const { access, commands } = saidBySkopeo(answers);
    await registryImage('quay.io/a/b:v1', access);
    expect(commands).toEqual([
      'skopeo inspect --raw docker://quay.io/a/b:v1',
      `skopeo inspect --raw --config docker://quay.io/a/b@${manifest.digest}`,
    ]);
  });
});

test.for([
  ['quay.io/a/b:v1', 'quay.io/a/b'],
  ['127.0.0.1:5000/a/b', '127.0.0.1:5000/a/b'],
  ['127.0.0.1:5000/a/b:v1@sha256:0', '127.0.0.1:5000/a/b'],
] as const)('the repository of %s is %s', ([reference, repository]) => {
  expect(repositoryOf(reference)).toBe(repository);
  expect(byDigest(reference, 'sha256:1')).toBe(`${repository}@sha256:1`);
  expect(asked(`${repository}:v2@sha256:2`)).toBe(`${repository}@sha256:2`);
});
