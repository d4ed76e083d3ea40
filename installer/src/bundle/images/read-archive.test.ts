import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Fault } from '#engine/fault';
import { blobFile, blobFiles, fileOf, indexFile, tarOf } from '../../../../test/testbed/image-tar.ts';
import { makeIndex, makeLayer, makeManifest } from '../../../../test/testbed/registry-images.ts';
import { readImageArchive } from './read-archive.ts';

const [base, own] = [makeLayer('base'), makeLayer('own')];
const one = makeManifest('amd64', [base, own]);
const two = makeManifest('amd64', [base], { entrypoint: '/two' });
const oneName = 'docker.io/a/one:v1';
const layout = { 'oci-layout': '{}', 'index.json': indexFile({ [oneName]: one, 'quay.io/a/two:v1': two }) };
const whole = { ...layout, ...blobFiles(one, two) };
const held = [
  { reference: oneName, digest: one.digest, size: one.size },
  { reference: 'quay.io/a/two:v1', digest: two.digest, size: two.size },
];

/** What a person is told of an archive; its path, and digests that the test names, have names. */
async function refusal(content: Buffer): Promise<string> {
  const file = await fileOf(content);
  const fault = (await readImageArchive(file).catch((error: unknown) => error)) as Fault;
  const { message, because, where, evidence } = fault.record();
  return [`${fault.code}: ${message}`, ...because, ...where, ...evidence]
    .join('\n')
    .replaceAll(file, 'FILE')
    .replaceAll(own.digest, 'OWN')
    .replaceAll(base.digest, 'BASE')
    .replaceAll(one.digest, 'ONE');
}

function without(...digests: readonly string[]): Buffer {
  const gone = new Set(digests.map(blobFile));
  return tarOf(Object.entries(whole).filter(([path]) => !gone.has(path)));
}

describe('an OCI layout', () => {
  test.for([
    ['plain', tarOf(whole)],
    ['gzip', gzipSync(tarOf(whole))],
    ['zstd', zstdCompressSync(tarOf(whole))],
    ['zstd in two frames', Buffer.concat(halves(tarOf(whole)).map((half) => zstdCompressSync(half)))],
  ] as const)('is read as it is: %s', async ([, content]) => {
    expect(await readImageArchive(await fileOf(content))).toEqual(held);
  });

  test('may name an index, of which one platform is there', async () => {
    const index = makeIndex([one, makeManifest('arm64', [base])]);
    const named = { 'index.json': indexFile({ [oneName]: index.top }) };
    const file = await fileOf(tarOf({ ...named, [blobFile(index.top.digest)]: index.top.bytes, ...blobFiles(one) }));

    expect(await readImageArchive(file)).toEqual([held[0]]);
    expect(await readImageArchive(file, { architecture: 'amd64' })).toEqual([held[0]]);
    await expect(readImageArchive(file, { architecture: 'arm64' })).rejects.toThrow(`the whole of ${oneName}`);
  });

  test('with a layer missing is refused, and each image that needs it named', async () => {
    expect(await refusal(without(base.digest))).toMatchInlineSnapshot(`
      "BUNDLE-INVALID: the archive does not hold the whole of docker.io/a/one:v1, nor of 1 more
      file FILE
      docker.io/a/one:v1: layer BASE is missing
      quay.io/a/two:v1: layer BASE is missing"
    `);
    expect(await refusal(without(own.digest))).toMatchInlineSnapshot(`
      "BUNDLE-INVALID: the archive does not hold the whole of docker.io/a/one:v1
      file FILE
      docker.io/a/one:v1: layer OWN is missing"
    `);
    expect(await refusal(without(one.digest))).toMatchInlineSnapshot(`
      "BUNDLE-INVALID: the archive does not hold the whole of docker.io/a/one:v1
      file FILE
      docker.io/a/one:v1: manifest ONE is missing"
    `);
  });

  test('with another byte in a layer is refused, and its image named', async () => {
    const changed = Buffer.from(own.bytes);
    changed.writeUInt8(changed.readUInt8(20) ^ 1, 20);
    expect(await refusal(tarOf({ ...whole, [blobFile(own.digest)]: changed }))).toMatchInlineSnapshot(`
      "BUNDLE-INVALID: the archive does not hold the whole of docker.io/a/one:v1
      file FILE
      docker.io/a/one:v1: layer OWN is damaged"
    `);
    expect(await refusal(tarOf({ ...whole, [blobFile(own.digest)]: own.bytes.subarray(1) }))).toMatchInlineSnapshot(`
      "BUNDLE-INVALID: the archive does not hold the whole of docker.io/a/one:v1
      file FILE
      docker.io/a/one:v1: layer OWN has 151 bytes instead of 152"
    `);
  });
});

describe('an archive of docker save', () => {
  const plain = makeLayer('plain', { compression: 'none', form: 'docker' });
  const image = makeManifest('amd64', [plain], { form: 'docker' });
  const config = `${image.config.digest.slice(7)}.json`;
  const manifest = (tags: readonly string[]) =>
    JSON.stringify([{ Config: config, RepoTags: tags, Layers: ['l/layer.tar'] }]);
  const tags = ['rancher/klipper-helm:v0.9', 'busybox:1'];
  const saved = { 'manifest.json': manifest(tags), [config]: image.config.bytes, 'l/layer.tar': plain.bytes };

  test('tells images by their full names and no digests', async () => {
    expect(await readImageArchive(await fileOf(tarOf(saved)))).toEqual([
      { reference: 'docker.io/library/busybox:1', size: image.size },
      { reference: 'docker.io/rancher/klipper-helm:v0.9', size: image.size },
    ]);
  });

  test('may have links for layers that images share', async () => {
    const linked = { ...saved, 'm/layer.tar': plain.bytes, 'l/layer.tar': { link: '../m/layer.tar' } };
    expect(await readImageArchive(await fileOf(tarOf(linked)))).toHaveLength(2);
  });

  test('counts as a layout where it is both, since that tells digests', async () => {
    expect(await readImageArchive(await fileOf(tarOf({ ...saved, ...whole })))).toEqual(held);
  });

  test('with a damaged or missing layer is refused', async () => {
    expect(await refusal(tarOf({ ...saved, 'l/layer.tar': 'other' }))).toMatchInlineSnapshot(`
      "BUNDLE-INVALID: the archive does not hold the whole of docker.io/rancher/klipper-helm:v0.9, nor of 1 more
      file FILE
      docker.io/rancher/klipper-helm:v0.9: layer l/layer.tar is damaged
      docker.io/library/busybox:1: layer l/layer.tar is damaged"
    `);
    expect(
      await refusal(tarOf(Object.entries(saved).filter(([path]) => path !== 'l/layer.tar'))),
    ).toMatchInlineSnapshot(`
      "BUNDLE-INVALID: the archive does not hold the whole of docker.io/rancher/klipper-helm:v0.9, nor of 1 more
      file FILE
      docker.io/rancher/klipper-helm:v0.9: layer l/layer.tar is missing
      docker.io/library/busybox:1: layer l/layer.tar is missing"
    `);
  });
});

describe('what is no archive of images is refused', () => {
  test.for([
    [
      '"../../etc/passwd" in it leads out of the archive, or is an odd name',
      tarOf({ ...whole, '../../etc/passwd': 'x' }),
    ],
    ['"/etc/passwd" in it leads out of the archive, or is an odd name', tarOf({ ...whole, '/etc/passwd': 'x' })],
    ['"a\\\\b" in it leads out of the archive, or is an odd name', tarOf({ ...whole, 'a\\b': 'x' })],
    ['the link "a" in it leads out of the archive', tarOf({ ...whole, a: { link: '../../etc/passwd' } })],
    ['the link "a" in it leads to nothing', tarOf({ ...whole, a: { link: 'b' } })],
    ['"index.json" is in it twice, with different content', tarOf([...Object.entries(whole), ['index.json', '{}']])],
    ['it ends in the middle', tarOf(whole).subarray(0, 3000)],
    ['it ends in the middle', Buffer.alloc(0)],
    ['it cannot be decompressed: unexpected end of file', zstdCompressSync(tarOf(whole)).subarray(0, -20)],
    ['it is no tar archive, or a header in it is damaged', Buffer.from('no archive '.repeat(100))],
    ['it holds neither an OCI image layout nor what “docker save” writes', tarOf({ readme: 'x' })],
  ] as const)('%s', async ([why, content]) => {
    expect(await refusal(content)).toBe(
      `BUNDLE-INVALID: FILE is no archive of images that can be trusted\n${why}\nfile FILE`,
    );
  });
});

function halves(bytes: Buffer): readonly Buffer[] {
  return [bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)];
}
