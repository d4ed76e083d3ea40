import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBundle } from '#adapters/directory-bundle';
import type { BundleImage } from '#ports/bundle';
import { rehearsedFrom } from '#simulation/bundle/rehearsed-from';
import { novasphere, scratch } from '../cli/novasphere.ts';
import { provenBundle, signedAnew } from '../fixtures/proven-bundle.ts';
import { release, stage } from '../fixtures/rehearsed.ts';
import { screenOf } from './bad-day.ts';

const launcher = 'quay.io/kubevirt/virt-launcher:v1.8.4';
let directory: string;

beforeEach(() => {
  directory = scratch();
});
afterEach(() => rm(directory, { recursive: true }));

/** A site whose profile trusts these keys, with the bundle in the directory at hand. */
async function site(trusted: readonly string[] = []) {
  const bundle = await rehearsedFrom(await openBundle(directory), release, trusted);
  const text = (profile: string) => profile.replace('trustedKeys: []', `trustedKeys: [${trusted.join(', ')}]`);
  const made = await stage('single-node', { text, bundle });
  const play = async () => {
    const runs = await made.play();
    if (made.world.crash !== undefined) throw made.world.crash;
    return { last: runs.at(-1), screen: screenOf(runs.at(-1)).replaceAll(directory, 'DIR') };
  };
  return { ...made, play };
}

describe('a rehearsal from a bundle in a directory', () => {
  it('ends well, and containerd holds what the proof tells, by digest', async () => {
    await provenBundle(directory);
    const { play, world } = await site([await signedAnew(directory)]);

    const { last } = await play();

    expect(last?.faults.map((fault) => fault.record())).toEqual([]);
    expect(last).toMatchObject({ outcome: 'done', exitCode: 0 });
    const images = await world.bundle.images();
    const held = world.machines[0]?.images;
    expect(images.filter(({ reference, digest }) => held?.get(reference)?.digest !== digest)).toEqual([]);
    expect(held?.size).toBe(images.length);
    world.close();
  });

  it('is refused by a site that trusts nobody who has signed it', async () => {
    await provenBundle(directory);
    await signedAnew(directory);
    const { play, world } = await site();

    const { last, screen } = await play();

    expect(last).toMatchObject({ outcome: 'refused', exitCode: 6 });
    expect(screen.replaceAll(/[0-9A-F]{16}/g, 'KEY')).toMatchInlineSnapshot(`
      "BUNDLE-SIGNATURE
      ✖ Nobody who is trusted has signed the bundle
        the bundle is signed with key KEY, which nobody here trusts
        where    bundle DIR, host plant-7-a, step
                 preflight/bundle
        try      set bundle.trustedKeys in the profile
                   to the public key KEY, once you know whose it is
                 cp KEY.pub /etc/novasphere/keys/
                   trusts it for everything on this machine
                 set bundle.allowUnsigned: true in the profile
                   to install it all the same
      "
    `);
    expect(world.writes()).toEqual([]);
    world.close();
  });

  it('is refused when the proof lacks an image that the profile needs', async () => {
    await provenBundle(directory, { held: (images) => images.filter(({ reference }) => reference !== launcher) });
    const { play, world } = await site([await signedAnew(directory)]);

    const { last, screen } = await play();

    expect(last).toMatchObject({ outcome: 'failed', exitCode: 1 });
    expect(screen).toMatchInlineSnapshot(`
      "BUNDLE-INCOMPLETE
      ✖ Images are missing from the bundle, or nobody asks for them
        the bundle lacks the image quay.io/kubevirt/virt-launcher:v1.8.4
        where    bundle DIR, host plant-7-a, step
                 preflight/bundle
        seen     quay.io/kubevirt/virt-launcher:v1.8.4 is asked for by kubevirt: every virtual machine runs in it; also node-labeller, console log and container disk helper
        try      novasphere bundle prove DIR
                   tells every image, and who asks for it
                 novasphere bundle fetch DIR
                   makes a whole one, on a machine with the internet
      "
    `);
    expect(world.writes()).toEqual([]);
    world.close();
  });

  it('stops before Kubernetes is used when no archive brings an image that the proof tells', async () => {
    const elsewhere = (image: BundleImage) =>
      image.reference === launcher ? { ...image, archive: 'images/never-copied.tar.zst' } : image;
    await provenBundle(directory, { held: (images) => images.map(elsewhere) });
    const { play, world } = await site([await signedAnew(directory)]);

    const { last, screen } = await play();

    expect(last).toMatchObject({ outcome: 'failed', exitCode: 1 });
    expect(screen).toMatchInlineSnapshot(`
      "IMAGE-MISSING
      ✖ An image is missing
        the image quay.io/kubevirt/virt-launcher:v1.8.4 is not on plant-7-a
        because  the archive that should bring it does not, or its import has failed
        where    host plant-7-a, step k3s/import
        seen     quay.io/kubevirt/virt-launcher:v1.8.4 (images/never-copied.tar.zst) is asked for by component kubevirt: every virtual machine runs in it; also node-labeller, console log and container disk helper
        try      ls -l /var/lib/rancher/k3s/agent/images
                   which archives the bundle has brought, on plant-7-a
                 grep -i import /var/lib/rancher/k3s/agent/containerd/containerd.log
                   whether one of them could not be read
                 novasphere plan PROFILE --bundle DIR
                   checks every file of the bundle
      "
    `);
    world.close();
  });

  it('is refused when one byte of an archive has changed', async () => {
    await provenBundle(directory);
    const key = await signedAnew(directory);
    await writeFile(join(directory, 'images/novasphere-amd64.tar.zst'), 'in the plaCe of an archive\n');
    const { play, world } = await site([key]);

    const { last, screen } = await play();

    expect(last).toMatchObject({ outcome: 'failed', exitCode: 1 });
    expect(screen).toMatchInlineSnapshot(`
      "BUNDLE-INVALID
      ✖ The bundle is not what its index says
        the bundle is not whole: 1 file is not as its index says
        where    bundle DIR, host plant-7-a, step
                 preflight/bundle
        seen     changed images/novasphere-amd64.tar.zst: sha256 9e97b19af3bd… instead of 0db5749aa36d…
        try      copy the bundle again from where it was made
                 novasphere plan PROFILE --bundle DIR
                   reads every file again
      "
    `);
    world.close();
  });
});

describe('novasphere rehearse --bundle', () => {
  it('rehearses the bundle that will be installed', async () => {
    await provenBundle(directory);

    const { exitCode, out, err } = await novasphere([
      'rehearse',
      'profiles/lab-vm.yaml',
      '--bundle',
      directory,
      '--verbose',
    ]);

    expect(err.replaceAll(directory, 'DIR').replaceAll(/\s+/g, ' ')).toContain(
      'rehearsing profiles/lab-vm.yaml on one simulated machine, the bundle DIR',
    );
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'nobody has signed the bundle: it is installed because the profile says',
    );
    expect(exitCode).toBe(0);
  });
});
