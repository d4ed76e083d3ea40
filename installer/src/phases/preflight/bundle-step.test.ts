import { describe, expect, it } from 'vitest';
import type { Catalog } from '#catalog/catalog';
import { Fault } from '#engine/fault';
import type { BundleProblem } from '#ports/bundle';
import { rehearsedBundle } from '#simulation/bundle/rehearsed-bundle';
import { toldOfBundle as told } from '../../../../test/fixtures/told-of-bundle.ts';

const problems: readonly BundleProblem[] = [
  { kind: 'changed', path: 'images/novasphere-amd64.tar.zst', detail: 'its SHA-256 is 9f…, not 3c…' },
  { kind: 'missing', path: 'bin/k3s', detail: 'it is in the index only' },
];

describe('what the bundle is made for', () => {
  const madeFor = (change: object) => () => ({
    madeFor: { release: '0.1.0', architecture: 'amd64', series: 'noble', ...change } as const,
  });

  it('says nothing of one for this release, this architecture and this series', async () => {
    expect(await told({ bundle: madeFor({}) })).toEqual({ state: 'converged' });
  });

  it('refuses one of another release', async () => {
    expect(await told({ bundle: madeFor({ release: '0.2.0' }) })).toMatchInlineSnapshot(`
      [
        "BUNDLE-MISMATCH the bundle is made for Novasphere 0.2.0, and this is 0.1.0",
        "try use the novasphere of release 0.2.0, or a bundle of release 0.1.0",
      ]
    `);
  });

  it('refuses one for another architecture', async () => {
    expect(await told({ bundle: madeFor({ architecture: 'arm64' }) })).toMatchInlineSnapshot(`
      [
        "BUNDLE-MISMATCH the bundle is made for arm64, and plant-7-a is amd64",
        "try novasphere bundle fetch DIR --architecture amd64          makes one for this machine, where the internet is",
      ]
    `);
  });

  it('refuses one with the packages of another Ubuntu', async () => {
    expect(await told({ bundle: madeFor({ series: 'jammy' }) })).toMatchInlineSnapshot(`
      [
        "BUNDLE-MISMATCH the packages of the bundle are for Ubuntu jammy, and plant-7-a runs Ubuntu 24.04.3 LTS (noble)",
        "try novasphere bundle fetch DIR --series noble          makes one with its packages, where the internet is",
      ]
    `);
  });

  it('names all three at once', async () => {
    const bundle = madeFor({ release: '0.2.0', architecture: 'arm64', series: 'jammy' });

    expect(await told({ bundle })).toMatchInlineSnapshot(`
      [
        "BUNDLE-MISMATCH the bundle is made for Novasphere 0.2.0, and this is 0.1.0",
        "the bundle is made for arm64, and plant-7-a is amd64",
        "the packages of the bundle are for Ubuntu jammy, and plant-7-a runs Ubuntu 24.04.3 LTS (noble)",
        "try use the novasphere of release 0.2.0, or a bundle of release 0.1.0",
        "try novasphere bundle fetch DIR --architecture amd64          makes one for this machine, where the internet is",
        "try novasphere bundle fetch DIR --series noble          makes one with its packages, where the internet is",
      ]
    `);
  });

  it('asks of a machine that it cannot see for the release alone', async () => {
    const other = { architecture: 'arm64', series: 'jammy' };

    expect(await told({ outOfReach: true, bundle: madeFor(other) })).toEqual({ state: 'converged' });
    expect(await told({ outOfReach: true, bundle: madeFor({ ...other, release: '0.2.0' }) })).toEqual([
      'BUNDLE-MISMATCH the bundle is made for Novasphere 0.2.0, and this is 0.1.0',
      'try use the novasphere of release 0.2.0, or a bundle of release 0.1.0',
    ]);
  });
});

describe('what is in the bundle', () => {
  it('names every file that is not as its index says', async () => {
    expect(await told({ bundle: () => ({ verify: async () => problems }) })).toMatchInlineSnapshot(`
      [
        "BUNDLE-INVALID the bundle is not whole: 2 files are not as its index says",
        "changed images/novasphere-amd64.tar.zst: its SHA-256 is 9f…, not 3c…",
        "missing bin/k3s: it is in the index only",
        "try copy the bundle again from where it was made",
        "try novasphere plan PROFILE --bundle /media/bundle  reads every file again",
      ]
    `);
  });

  it('names an image that the profile asks for and the proof does not tell', async () => {
    const bundle = (catalog: Catalog) => {
      const all = rehearsedBundle(catalog, undefined);
      const images = async () => (await all.images()).filter(({ reference }) => !reference.includes('/virt-launcher:'));
      return { images };
    };

    expect(await told({ bundle })).toMatchInlineSnapshot(`
      [
        "BUNDLE-INCOMPLETE the bundle lacks the image quay.io/kubevirt/virt-launcher:v1.8.4",
        "quay.io/kubevirt/virt-launcher:v1.8.4 is asked for by kubevirt: every virtual machine runs in it; also node-labeller, console log and container disk helper",
        "try novasphere bundle prove /media/bundle          tells every image, and who asks for it",
        "try novasphere bundle fetch DIR          makes a whole one, on a machine with the internet",
      ]
    `);
  });

  it('names an image that a gate of the profile makes KubeVirt start, and that no bundle holds', async () => {
    expect(await told({ featureGates: ['VSOCK'] })).toEqual({ state: 'converged' });
    expect(await told({ featureGates: ['VSOCK', 'Sidecar'] })).toMatchInlineSnapshot(`
      [
        "BUNDLE-INCOMPLETE a feature gate of the profile needs the image quay.io/kubevirt/sidecar-shim:v1.8.4, and the bundle lacks it",
        "because KubeVirt, or the machine that uses it, would wait for it for ever",
        "quay.io/kubevirt/sidecar-shim:v1.8.4 is asked for by Deployment kubevirt/virt-operator, feature gate Sidecar",
        "try take the gate out of components.kubevirt.featureGates",
        "try or name the image in manifests/kubevirt/component.yaml, with a reason, and make a bundle anew",
      ]
    `);
  });

  const unproven = () => ({
    images: () =>
      Promise.reject(
        new Fault({ code: 'BUNDLE-UNPROVEN', message: 'the bundle holds no proof', remedy: ['prove it'] }),
      ),
  });

  it('is not installed without a proof', async () => {
    expect(await told({ bundle: unproven })).toEqual(['BUNDLE-UNPROVEN the bundle holds no proof', 'try prove it']);
  });

  it('needs no proof where the cluster is elsewhere and pulls its images by itself', async () => {
    expect(await told({ outOfReach: true, bundle: unproven })).toEqual({ state: 'converged' });
  });
});
