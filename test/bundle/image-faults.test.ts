import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Watch } from '#bundle/fetch/watch';
import { imageFetcher } from '#bundle/images/fetch-image';
import { registryImage } from '#bundle/images/registry-image';
import { blobPath, image, imageSite, large, made, small, storedIn, told } from '../testbed/image-trouble.ts';

test('asks a registry that throttles less often, and names login and mirror in the end', async () => {
  await using site = await imageSite();
  const body = JSON.stringify({
    errors: [{ code: 'TOOMANYREQUESTS', message: 'You have reached your pull rate limit.' }],
  });
  site.faults.harm(/manifests/, { status: 429, headers: { 'retry-after': '0' }, body });

  expect(await told(registryImage('docker.io/a/b:v1', site.access), [site.faults.host])).toMatchInlineSnapshot(`
    "FETCH-FAILED (exit 1): REGISTRY was asked too often, and does not give docker.io/a/b:v1 for now
    image docker.io/a/b:v1
    reading manifest v1 in REGISTRY/docker.io/a/b: toomanyrequests: You have reached your pull rate limit.
    skopeo login REGISTRY          whoever is known may ask more often
    --mirror docker.io=https://mirror.example/docker.io          asks a registry that has a copy
    the same command again goes on where this one stopped"
  `);
  expect(site.pauses).toEqual([60_000, 120_000]);
});

test.for([500, 502, 503])('tries again where a registry answers %i, and goes on where it stopped', async (status) => {
  await using site = await imageSite();
  site.faults.harm(/manifests/, { status }, 1);
  site.faults.harm(blobPath(large.digest), { status }, 2);

  await imageFetcher(site.store, site.access)(image);

  expect(await storedIn(site)).toEqual([made, made.config, small, large].map(({ digest }) => digest).toSorted());
  expect(site.faults.asked.filter((one) => blobPath(small.digest).test(one))).toHaveLength(1);
  expect(site.pauses).toEqual([2000, 2000, 8000]);
});

test('gives up on a registry that stays broken, with what it said', async () => {
  await using site = await imageSite();
  site.faults.harm(/manifests/, { status: 500 });

  expect(await told(imageFetcher(site.store, site.access)(image), [site.faults.host])).toMatchInlineSnapshot(`
    "FETCH-FAILED (exit 1): REGISTRY did not send docker.io/a/b:v1 to its end
    4 tries failed
    image docker.io/a/b:v1
    reading manifest MANIFEST in REGISTRY/docker.io/a/b: received unexpected HTTP status: 500 Internal Server Error
    the same command again goes on where this one stopped
    skopeo inspect --raw docker://REGISTRY/docker.io/a/b@MANIFEST          asks once more, by hand
    --mirror docker.io=https://mirror.example/docker.io          asks a registry that has a copy"
  `);
});

describe('a layer that is cut', () => {
  test('is fetched again, and no other', async () => {
    await using site = await imageSite();
    site.faults.harm(blobPath(large.digest), { cutAfter: 500_000 }, 1);

    await imageFetcher(site.store, site.access)(image);

    const asked = (digest: string) => site.faults.asked.filter((one) => blobPath(digest).test(one)).length;
    expect({ small: asked(small.digest), large: asked(large.digest) }).toEqual({ small: 1, large: 2 });
    expect(site.pauses).toEqual([2000]);
  });

  test('costs nothing but itself: a later run has the others already', async () => {
    await using site = await imageSite();
    site.faults.harm(blobPath(large.digest), { cutAfter: 500_000 });

    expect(await told(imageFetcher(site.store, site.access)(image), [site.faults.host])).toMatchInlineSnapshot(`
      "FETCH-FAILED (exit 1): REGISTRY did not send docker.io/a/b:v1 to its end
      4 tries failed
      image docker.io/a/b:v1
      writing blob: happened during read: unexpected EOF
      the same command again goes on where this one stopped
      skopeo inspect --raw docker://REGISTRY/docker.io/a/b@MANIFEST          asks once more, by hand
      --mirror docker.io=https://mirror.example/docker.io          asks a registry that has a copy"
    `);
    expect(await storedIn(site)).toEqual(expect.arrayContaining([made.digest, small.digest]));

    site.faults.heal();
    await imageFetcher(site.store, site.access)(image);
    expect(site.faults.asked.filter((one) => blobPath(small.digest).test(one))).toEqual([]);
    expect(await storedIn(site)).toContain(large.digest);
  });
});

describe('wrong bytes', () => {
  test('of a layer never reach the store: it is asked for once more, and that is all', async () => {
    await using site = await imageSite();
    site.faults.harm(blobPath(large.digest), { flipBit: true });

    expect(await told(imageFetcher(site.store, site.access)(image), [site.faults.host])).toMatchInlineSnapshot(`
      "FETCH-CHANGED (exit 1): REGISTRY sends something else than docker.io/a/b:v1
      what came has another digest; nothing of it was kept
      image docker.io/a/b:v1
      writing blob: happened during read: Digest did not match, expected LARGE, got OTHER
      novasphere bundle resolve --check          tells whether upstream has changed it
      try another network or mirror: something on the way may have replaced it"
    `);
    expect(await storedIn(site)).not.toContain(large.digest);
    expect(site.pauses).toEqual([2000]);
  });

  test('of a manifest are seen by us, as skopeo shows what it was given', async () => {
    await using site = await imageSite();
    site.faults.harm(/manifests/, { flipBit: true });

    expect(await told(imageFetcher(site.store, site.access)(image), [site.faults.host])).toMatchInlineSnapshot(`
      "FETCH-CHANGED (exit 1): REGISTRY sends something else than docker.io/a/b:v1
      what came has another digest; nothing of it was kept
      image docker.io/a/b:v1
      Digest did not match, expected MANIFEST, got OTHER
      novasphere bundle resolve --check          tells whether upstream has changed it
      try another network or mirror: something on the way may have replaced it"
    `);
    expect(await storedIn(site)).toEqual([]);
  });
});

test('stops when it is told to, keeps whole layers and leaves nothing else', async () => {
  await using site = await imageSite();
  site.faults.harm(blobPath(large.digest), { slowBy: 100 });
  const ending = new AbortController();
  const tell: Watch['tell'] = (event) => {
    if (event.kind === 'has' && event.bytes > small.bytes.length + 50_000) ending.abort();
  };

  const stopped = imageFetcher(site.store, site.access)(image, { signal: ending.signal, tell });

  await expect(stopped).rejects.toMatchObject({ code: 'RUN-INTERRUPTED' });
  expect(await storedIn(site)).toEqual(expect.arrayContaining([made.digest, small.digest]));
  expect(await readdir(join(site.store.directory, 'partial'))).toEqual([]);
});
