import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { imageFetcher } from '#bundle/images/fetch-image';
import { registryImage } from '#bundle/images/registry-image';
import { ImageSite } from '../testbed/image-site.ts';
import {
  type Layer,
  type MadeManifest,
  makeIndex,
  makeLayer,
  makeManifest,
  makeTinyImage,
  single,
} from '../testbed/registry-images.ts';

const oci = makeManifest('amd64', [
  makeLayer('a gzip layer'),
  makeLayer('a zstd layer', { compression: 'zstd' }),
  makeLayer('a plain layer', { compression: 'none' }),
  makeLayer('a large layer', { bytes: 3_000_000 }),
]);
const docker = makeManifest('amd64', [makeLayer('a Docker layer', { form: 'docker' })], { form: 'docker' });
const dockerArm = makeManifest('arm64', [makeLayer('a Docker layer', { form: 'docker' })], { form: 'docker' });

/** The digests of everything that a manifest needs, without `sha256:`, in order. */
function digestsOf(...manifests: readonly MadeManifest[]): readonly string[] {
  const all = manifests.flatMap((one) => [one, one.config, ...one.layers]).map(({ digest }) => digest.slice(7));
  return [...new Set(all)].toSorted();
}

const blobsIn = async (site: ImageSite) => (await readdir(join(site.store.directory, 'blobs/sha256'))).toSorted();
const partsIn = (site: ImageSite) => readdir(join(site.store.directory, 'partial'));

describe('resolving', () => {
  test('tells what each platform of an index, a manifest list and a single manifest is', async () => {
    await using site = await ImageSite.open();
    const arm = makeManifest('arm64', [makeLayer('for arm')]);
    const forms = {
      index: makeIndex([oci, arm]),
      list: makeIndex([docker, dockerArm], { form: 'docker' }),
      alone: single(docker),
    };
    for (const [tag, image] of Object.entries(forms)) await site.pusher.push('quay.io/a/b', tag, image);

    const found = await Promise.all(Object.keys(forms).map((tag) => registryImage(`quay.io/a/b:${tag}`, site.access)));

    const pin = ({ digest, size }: MadeManifest) => ({ digest, size });
    expect(found).toEqual([
      { digest: forms.index.top.digest, platforms: { amd64: pin(oci), arm64: pin(arm) } },
      { digest: forms.list.top.digest, platforms: { amd64: pin(docker), arm64: pin(dockerArm) } },
      { digest: docker.digest, platforms: { amd64: pin(docker) } },
    ]);
  });

  test('asks for the digest where a reference has one beside its tag', async () => {
    await using site = await ImageSite.open();
    await site.pusher.push('quay.io/a/b', 'v1', single(oci));

    const found = await registryImage(`quay.io/a/b:gone@${oci.digest}`, site.access);

    expect(found.digest).toBe(oci.digest);
  });
});

describe('fetching', () => {
  test('brings exactly the bytes that upstream has: nothing else gets into the store', async () => {
    await using site = await ImageSite.open();
    await site.pusher.push('docker.io/a/oci', 'v1', makeIndex([oci, makeManifest('arm64', [makeLayer('x')])]));
    await site.pusher.push('docker.io/a/docker', 'v1', single(docker));
    const fetchImage = imageFetcher(site.store, site.access);

    await fetchImage({ reference: 'docker.io/a/oci:v1', digest: oci.digest });
    await fetchImage({ reference: 'docker.io/a/docker:v1', digest: docker.digest });

    expect(await blobsIn(site)).toEqual(digestsOf(oci, docker));
    expect(await partsIn(site)).toEqual([]);
    for (const one of [docker, docker.config, ...oci.layers])
      expect(await readFile(site.store.pathOf(one.digest.slice(7)))).toEqual(one.bytes);
  });

  test('asks nobody about an image that is whole in the store', async () => {
    await using site = await ImageSite.open();
    await site.pusher.push('docker.io/a/b', 'v1', single(oci));
    const image = { reference: 'docker.io/a/b:v1', digest: oci.digest };
    await imageFetcher(site.store, site.access)(image);
    site.faults.heal();
    site.commands.length = 0;

    await imageFetcher(site.store, site.access)(image);

    expect({ commands: site.commands, asked: site.faults.asked }).toEqual({ commands: [], asked: [] });
  });

  test('fetches a layer that many images share once, also when all are fetched at the same time', async () => {
    await using site = await ImageSite.open();
    const images = Array.from({ length: 6 }, (_, at) => ({
      name: `docker.io/a/i${at}`,
      made: makeTinyImage(`i${at}`),
    }));
    for (const { name, made } of images) await site.pusher.push(name, 'v1', made);
    const fetchImage = imageFetcher(site.store, site.access);

    const manifests = images.map(({ made }) => made.manifests[0] as MadeManifest);
    await Promise.all(
      images.map(({ name }, at) => fetchImage({ reference: `${name}:v1`, digest: manifests[at]?.digest as string })),
    );

    const base = manifests[0]?.layers[0]?.digest as string;
    expect(site.faults.asked.filter((one) => one.startsWith('GET') && one.endsWith(base))).toHaveLength(1);
    expect(await blobsIn(site)).toEqual(digestsOf(...manifests));
  });

  test('takes what a run that was killed has left, as far as it is right', async () => {
    await using site = await ImageSite.open();
    await site.pusher.push('docker.io/a/b', 'v1', single(oci));
    const [right, wrong] = oci.layers as readonly [Layer, Layer];
    const left = join(site.store.directory, `partial/image-${oci.digest.slice(7)}/blobs/sha256`);
    await mkdir(left, { recursive: true });
    await writeFile(join(left, right.digest.slice(7)), right.bytes);
    await writeFile(join(left, wrong.digest.slice(7)), Buffer.alloc(wrong.bytes.length));

    await imageFetcher(site.store, site.access)({ reference: 'docker.io/a/b:v1', digest: oci.digest });

    const asked = (digest: string) => site.faults.asked.some((one) => one.endsWith(digest));
    expect([asked(right.digest), asked(wrong.digest)]).toEqual([false, true]);
    expect(await readFile(site.store.pathOf(wrong.digest.slice(7)))).toEqual(wrong.bytes);
    expect(await blobsIn(site)).toEqual(digestsOf(oci));
  });

  test('brings one image under two names once', async () => {
    await using site = await ImageSite.open();
    for (const name of ['docker.io/a/b', 'quay.io/a/b']) await site.pusher.push(name, 'v1', single(oci));
    const fetchImage = imageFetcher(site.store, site.access);

    await Promise.all(
      ['docker.io/a/b:v1', 'quay.io/a/b:v1'].map((reference) => fetchImage({ reference, digest: oci.digest })),
    );

    expect(await blobsIn(site)).toEqual(digestsOf(oci));
    expect(site.faults.asked.filter((one) => /GET .*blobs/.test(one))).toHaveLength(5);
  });

  test('tells how many bytes there are, and at the end that all are there', async () => {
    await using site = await ImageSite.open();
    await site.pusher.push('docker.io/a/b', 'v1', single(oci));
    const told: unknown[] = [];

    await imageFetcher(site.store, site.access)(
      { reference: 'docker.io/a/b:v1', digest: oci.digest },
      { tell: (event) => told.push(event) },
    );

    expect(told.at(0)).toEqual({ kind: 'has', bytes: 0, kept: true });
    expect(told.at(-1)).toEqual({ kind: 'has', bytes: oci.size });
  });
});
