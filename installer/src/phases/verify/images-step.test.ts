import { describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { BundleImage } from '#ports/bundle';
import type { KubeObject, ObjectQuery } from '#ports/cluster';
import type { Sight, Stage } from '#ports/world';
import { imagesStep, sampleIsOfTheBundle } from './images-step.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const about = { size: 1, archive: 'images/novasphere-amd64.tar.zst', askedBy: [] };
const manager = { reference: 'docker.io/longhornio/longhorn-manager:v1.12.1', digest: digest('a'), ...about };
const pause = { reference: 'docker.io/rancher/mirrored-pause:3.6', ...about };

const pod = (namespace: string, spec: Json, status: Json = {}) =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name: 'one' }, spec, status }) as KubeObject;
const running = (image: string, imageID: string) => ({
  containerStatuses: [{ name: 'main', image, imageID, state: { running: {} } }],
});
const asking = (image: string) => ({ containers: [{ name: 'main', image }] });

interface Trial {
  /** What bundles before this one have brought. */
  readonly brought?: string;
  readonly images?: () => Promise<readonly BundleImage[]>;
  readonly outOfReach?: true;
}

/** What verification says of these pods. */
async function told(
  pods: readonly KubeObject[],
  { brought, images = async () => [manager, pause], outOfReach }: Trial = {},
) {
  const list = async ({ namespace }: ObjectQuery) => pods.filter(({ metadata }) => metadata.namespace === namespace);
  const stage = {
    cluster: { list },
    bundle: { images },
    host: { name: 'plant-7-a', outOfReach, read: async () => brought },
  };
  const finding = await imagesStep().probe(stage as unknown as Stage);
  if (finding.state !== 'blocked') return finding;
  const { code, message, because, where, evidence, remedy } = finding.fault.record();
  return [`${code} ${message}`, ...because, ...where, ...evidence, ...remedy];
}

const fine = { state: 'converged' };

describe('the images that have run', () => {
  it('are those of the proof', async () => {
    const asked = asking('longhornio/longhorn-manager:v1.12.1');
    const repository = `docker.io/longhornio/longhorn-manager@${digest('a')}`;
    const pods = [
      pod('longhorn-system', asked, running(manager.reference, repository)),
      pod('kube-system', asking('rancher/mirrored-pause:3.6'), running(pause.reference, digest('c'))),
    ];

    expect(await told(pods)).toEqual(fine);
  });

  it('may be asked for by digest', async () => {
    const pods = [
      pod('longhorn-system', asking(`longhornio/longhorn-manager@${digest('a')}`)),
      pod('longhorn-system', asking(`longhornio/longhorn-manager:v1.12.1@${digest('a')}`)),
    ];

    expect(await told(pods)).toEqual(fine);
  });

  it('are named when one of them is not in the proof, with pod and container', async () => {
    expect(await told([pod('longhorn-system', asking('busybox'))])).toMatchInlineSnapshot(`
      [
        "BUNDLE-INCOMPLETE the image docker.io/library/busybox:latest is used, and is not in the bundle",
        "what runs was pulled from a registry or loaded by hand: without that the platform does not come up",
        "object Pod longhorn-system/one",
        "container main of Pod longhorn-system/one: docker.io/library/busybox:latest",
        "novasphere bundle prove DIR          tells every image of the bundle, and who asks for it",
        "kubectl -n longhorn-system get pod one -o yaml          who has started this pod, where it is none of the platform",
      ]
    `);
  });

  it('are looked for in containers of every kind, and in pods that have ended', async () => {
    const spec = {
      initContainers: [{ name: 'first', image: 'a.io/a:1' }],
      containers: [{ name: 'main', image: 'a.io/b:1' }],
      ephemeralContainers: [{ name: 'debug', image: 'a.io/c:1' }],
    };
    const status = { phase: 'Succeeded', containerStatuses: [{ name: 'gone', image: 'a.io/d:1', imageID: '' }] };

    expect(await told([pod('cdi', spec, status)])).toMatchInlineSnapshot(`
      [
        "BUNDLE-INCOMPLETE 4 images are used that are not in the bundle",
        "what runs was pulled from a registry or loaded by hand: without that the platform does not come up",
        "object Pod cdi/one",
        "container first of Pod cdi/one: a.io/a:1",
        "container main of Pod cdi/one: a.io/b:1",
        "container debug of Pod cdi/one: a.io/c:1",
        "container gone of Pod cdi/one: a.io/d:1",
        "novasphere bundle prove DIR          tells every image of the bundle, and who asks for it",
        "kubectl -n cdi get pod one -o yaml          who has started this pod, where it is none of the platform",
      ]
    `);
  });

  it('may be known to the runtime by another name of the same content', async () => {
    const pods = [pod('longhorn-system', asking(manager.reference), running('my.registry/manager:mine', digest('c')))];

    expect(await told(pods)).toEqual(fine);
  });

  it('may be of the release before, where its bundle has brought them', async () => {
    const pods = [pod('longhorn-system', asking('longhornio/longhorn-engine:v1.11.3'))];

    expect(await told(pods, { brought: 'docker.io/longhornio/longhorn-engine:v1.11.3 -\n' })).toEqual(fine);
  });

  it('are others when they only bear the same name', async () => {
    const repository = `docker.io/longhornio/longhorn-manager@${digest('b')}`;
    const pods = [pod('longhorn-system', asking(manager.reference), running(manager.reference, repository))];

    expect(await told(pods)).toMatchInlineSnapshot(`
      [
        "BUNDLE-INCOMPLETE the image docker.io/longhornio/longhorn-manager:v1.12.1 is used, and is not in the bundle",
        "what runs was pulled from a registry or loaded by hand: without that the platform does not come up",
        "object Pod longhorn-system/one",
        "container main of Pod longhorn-system/one: docker.io/longhornio/longhorn-manager:v1.12.1 (sha256:bbbbbbbbbbbb…)",
        "novasphere bundle prove DIR          tells every image of the bundle, and who asks for it",
        "kubectl -n longhorn-system get pod one -o yaml          who has started this pod, where it is none of the platform",
      ]
    `);
  });

  it("are nobody's business in the namespaces of users", async () => {
    expect(await told([pod('shop', asking('example.com/shop:1'))])).toEqual(fine);
  });
});

describe('a cluster that somebody else has set up', () => {
  const outOfReach = true;

  it('is asked for names alone, of any release: kube-system is its own, and its digests are those of indexes', async () => {
    const repository = `docker.io/longhornio/longhorn-manager@${digest('b')}`;
    const pods = [
      pod('kube-system', asking('registry.k8s.io/etcd:3.6.4-0')),
      pod('longhorn-system', asking(manager.reference), running(manager.reference, repository)),
      pod('longhorn-system', asking('longhornio/longhorn-manager:v1.11.3')),
    ];

    expect(await told(pods, { outOfReach })).toEqual(fine);
    expect(await told([pod('cdi', asking('a.io/a:1'))], { outOfReach })).toMatchObject({
      0: 'BUNDLE-INCOMPLETE the image a.io/a:1 is used, and is not in the bundle',
    });
  });

  const fails = (code: 'BUNDLE-UNPROVEN' | 'BUNDLE-UNREADABLE') => () =>
    Promise.reject(new Fault({ code, message: 'no proof', remedy: ['prove it'] }));

  it('is left alone when the bundle is of manifests alone', async () => {
    expect(await told([pod('cdi', asking('a.io/a:1'))], { outOfReach, images: fails('BUNDLE-UNPROVEN') })).toEqual({
      ...fine,
      notes: ['the bundle brings no images: this cluster pulls its own, and nothing was compared'],
    });
  });

  it('is the only one that needs no proof', async () => {
    await expect(told([], { images: fails('BUNDLE-UNPROVEN') })).rejects.toMatchObject({ code: 'BUNDLE-UNPROVEN' });
  });

  it('is looked at without a bundle when only its VM is to be proven again', async () => {
    expect(await told([pod('cdi', asking('a.io/a:1'))], { images: fails('BUNDLE-UNREADABLE') })).toEqual({
      ...fine,
      notes: ['no bundle is at hand: the images of the pods were not compared'],
    });
  });
});

describe('the sample VM', () => {
  const said = async (image: string, images: Trial['images'] = async () => [manager]) => {
    const there = pod('novasphere-verify', asking(image));
    const sight = { cluster: { list: async () => [there] }, bundle: { images }, host: { read: async () => undefined } };
    return sampleIsOfTheBundle(sight as unknown as Sight);
  };

  it('runs in an image of the bundle', async () => {
    expect(await said(manager.reference)).toMatchObject({ ready: true });
  });

  it('is given up at once when its launcher is an image of somebody else', async () => {
    expect(await said('quay.io/kubevirt/virt-launcher:v1.8.3')).toMatchObject({
      ready: false,
      because: 'the image quay.io/kubevirt/virt-launcher:v1.8.3 is used, and is not in the bundle',
      hopeless: { code: 'BUNDLE-INCOMPLETE' },
    });
  });

  it('is not judged where there is no bundle to compare with', async () => {
    const none = () => Promise.reject(new Fault({ code: 'BUNDLE-UNREADABLE', message: 'none', remedy: ['look'] }));

    expect(await said('quay.io/kubevirt/virt-launcher:v1.8.3', none)).toMatchObject({ ready: true });
  });
});
