import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from '#adapters/local-program';
import { imageFetcher } from '#bundle/images/fetch-image';
import type { RegistryAccess } from '#bundle/images/registry-access';
import { registryImage } from '#bundle/images/registry-image';
import type { RunProgram } from '#ports/program';
import { ImageSite } from '../testbed/image-site.ts';
import { image, imageSite, made, told } from '../testbed/image-trouble.ts';
import { registryUser, startRegistry } from '../testbed/registry.ts';
import { makeTinyImage, single } from '../testbed/registry-images.ts';
import { Pusher } from '../testbed/registry-push.ts';

test('names the login where a registry wants to know who asks', async () => {
  await using site = await imageSite();
  site.faults.harm(/manifests/, { status: 401 });

  expect(await told(imageFetcher(site.store, site.access)(image), [site.faults.host])).toMatchInlineSnapshot(`
    "FETCH-DENIED (exit 1): REGISTRY does not give docker.io/a/b:v1 to this user
    it wants to know who asks, or has no such image
    image docker.io/a/b:v1
    reading manifest MANIFEST in REGISTRY/docker.io/a/b: unauthorized: authentication required
    skopeo login REGISTRY
    export REGISTRY_AUTH_FILE=FILE          where a login lies in a file already"
  `);
  expect(site.pauses).toEqual([]);
});

test('says what is gone, where a tag or a pinned digest is no more', async () => {
  await using site = await imageSite();

  expect(await told(registryImage('docker.io/a/b:v9', site.access), [site.faults.host])).toMatchInlineSnapshot(`
    "FETCH-FAILED (exit 1): REGISTRY has no docker.io/a/b:v9
    there is no such tag, or not any more
    image docker.io/a/b:v9
    reading manifest v9 in REGISTRY/docker.io/a/b: manifest unknown: manifest unknown
    skopeo list-tags docker://REGISTRY/docker.io/a/b          what there is
    novasphere bundle resolve --renew docker.io/a/b:v9          pins what the tag names now"
  `);
  const gone = { ...image, digest: `sha256:${'0'.repeat(64)}` };
  expect(await told(imageFetcher(site.store, site.access)(gone), [site.faults.host])).toMatchInlineSnapshot(`
    "FETCH-FAILED (exit 1): REGISTRY has no docker.io/a/b:v1
    what the lock file pins is gone
    image docker.io/a/b:v1
    reading manifest OTHER in REGISTRY/docker.io/a/b: manifest unknown: manifest unknown
    skopeo list-tags docker://REGISTRY/docker.io/a/b          what there is
    novasphere bundle resolve --renew docker.io/a/b:v1          pins what the tag names now"
  `);
});

test('refuses an index where the manifest of one platform belongs', async () => {
  await using site = await ImageSite.open();
  const tiny = makeTinyImage('tiny');
  await site.pusher.push('docker.io/a/b', 'v1', tiny);
  const wanted = { ...image, digest: tiny.top.digest };

  expect(await told(imageFetcher(site.store, site.access)(wanted), [site.faults.host])).toMatchInlineSnapshot(`
    "FETCH-FAILED (exit 1): docker.io/a/b:v1 is no image that a bundle can hold
    the lock file pins a list of platforms where the manifest of one belongs
    image docker.io/a/b:v1
    skopeo inspect --raw docker://docker.io/a/b:v1          what there is
    novasphere bundle resolve --renew docker.io/a/b:v1          pins what the tag names now"
  `);
});

test('takes the login that REGISTRY_AUTH_FILE names, and tells no password where it is wrong', async () => {
  await using site = await ImageSite.open();
  await using registry = await startRegistry({ users: true });
  await new Pusher(registry.host, { users: true }).push('a/b', 'v1', single(made));
  const as = async (password: string): Promise<RegistryAccess> => {
    const file = join(site.folder, `${password.length}.json`);
    const auth = Buffer.from(`${registryUser.name}:${password}`).toString('base64');
    await writeFile(file, JSON.stringify({ auths: { [registry.host]: { auth } } }));
    const mirroredImage = () => ({ reference: `${registry.host}/a/b:v1`, plainHttp: true });
    const run: RunProgram = (command, options) =>
      runProgram(command, { ...options, env: { REGISTRY_AUTH_FILE: file } });
    return { ...site.access, run, mirrors: { mirroredImage } };
  };

  const denied = await told(registryImage('quay.io/a/b:v1', await as('not the password')), [registry.host]);
  const found = await registryImage('quay.io/a/b:v1', await as(registryUser.password));

  expect(denied).toMatchInlineSnapshot(`
    "FETCH-DENIED (exit 1): REGISTRY does not give quay.io/a/b:v1 to this user
    it wants to know who asks, or has no such image
    image quay.io/a/b:v1
    reading manifest v1 in REGISTRY/a/b: unauthorized: authentication required
    skopeo login REGISTRY
    export REGISTRY_AUTH_FILE=FILE          where a login lies in a file already"
  `);
  expect(found.digest).toBe(made.digest);
});

test('does not speak to a registry without TLS unless its mirror says so', async () => {
  await using site = await imageSite();
  const mirroredImage = (reference: string) => ({ reference: `${site.faults.host}/${reference}`, plainHttp: false });

  const asking = registryImage('docker.io/a/b:v1', { ...site.access, mirrors: { mirroredImage } });

  expect(await told(asking, [site.faults.host])).toMatchInlineSnapshot(`
    "FETCH-FAILED (exit 1): REGISTRY speaks no TLS, and so does not give docker.io/a/b:v1 in a way that can be trusted
    image docker.io/a/b:v1
    pinging container registry REGISTRY: Get "https://REGISTRY/v2/": http: server gave HTTP response to HTTPS client
    --mirror docker.io=http://REGISTRY/docker.io          where that is meant"
  `);
});
