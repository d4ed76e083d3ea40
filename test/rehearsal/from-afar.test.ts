import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { named } from '../fixtures/cluster-looks.ts';
import { type FromAfar, founded, fromAfar } from '../fixtures/from-afar.ts';
import { type Stage, stage } from '../fixtures/rehearsed.ts';
import { screenOf } from './bad-day.ts';

const directory = '/var/lib/rancher/k3s/agent/etc/cni/net.d';

describe('the phases of the cluster, driven from a machine that is none of its nodes', () => {
  let site: Stage;
  let afar: FromAfar;
  beforeEach(async () => {
    site = await stage('lab-vm');
    afar = await founded(site);
  });
  afterEach(() => site.world.close());

  const onMachine = () => site.world.machines.flatMap(({ log }) => log);

  it('end with the sample VM, and nothing was done on the node', async () => {
    const before = onMachine().length;

    const [run] = await afar.apply();

    expect(site.world.crash).toBeUndefined();
    expect(run?.faults.map((fault) => fault.record())).toEqual([]);
    expect(run).toMatchObject({ outcome: 'done', exitCode: 0 });
    expect(onMachine().slice(before)).toEqual([]);
    const proven = await named(site.world, 'configMaps', 'novasphere-system/proof-verify-sample-vm');
    expect(proven?.data).toBeDefined();
  });

  it('write nothing in a second run', async () => {
    await afar.apply();
    const { writes } = site.world.server;

    const [again] = await afar.apply();

    expect(again).toMatchObject({ outcome: 'done', changed: 0 });
    expect(site.world.server.writes).toBe(writes);
  });

  it('leave no configuration of Multus on a node where it broke the network', async () => {
    await afar.apply(['multus-broken@multus']);

    const machine = site.world.machines[0]?.view();
    expect(machine?.read(`${directory}/10-flannel.conflist`)).toBeDefined();
    expect(machine?.read(`${directory}/00-multus.conf`)).toBeUndefined();
    expect(machine?.read(`${directory}/multus.d/multus.kubeconfig`)).toBeUndefined();
  });

  it('take Multus back by pods, where pods get no network', async () => {
    const runs = await afar.apply(['multus-broken@multus'], { resume: true });

    const [broken, mended] = runs;
    expect(broken?.faults).toMatchObject([
      {
        code: 'NETWORK-BROKEN',
        message: 'Pod novasphere-system/trial-plain gets no network, and Multus is what fails',
      },
    ]);
    const undone = broken?.entries.flatMap((entry) => (entry.event === 'undone' ? [entry.because] : []));
    expect(undone).toEqual([
      'removed the Multus DaemonSet and its configuration on lab-vm: new pods start without Multus',
    ]);
    expect(mended).toMatchObject({ outcome: 'done', exitCode: 0 });
    expect(site.world.machines[0]?.view().read(`${directory}/00-multus.conf`)).toContain('multus');
  });

  it('are not begun where another storage class is the default, and say how that is mended', async () => {
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    const body = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'fast', annotations },
      provisioner: 'csi.example.com',
    };
    await site.world.server.request({ method: 'POST', path: '/apis/storage.k8s.io/v1/storageclasses', body });

    const [run] = await afar.apply();

    expect(screenOf(run)).toMatchInlineSnapshot(`
      "STORAGE-CLASS-AMBIGUOUS
      ✖ More than one StorageClass is the default
        StorageClass fast is the default of this cluster, and longhorn would become a
        second one
        because  with more than one default the newest wins, so a volume may lie
                 anywhere
        where    object StorageClass fast, host lab-vm, step longhorn/install
        try      kubectl annotate storageclass fast storageclass.kubernetes.io/is-default-class=false --overwrite
                   volumes that are there keep their class
                 then run the same command again
      "
    `);
    expect(await named(site.world, 'namespaces', 'longhorn-system')).toBeUndefined();
  });

  it('say what a node can do about an image that does not come', async () => {
    const [run] = await afar.apply(['image-missing@cert-manager']);

    expect(screenOf(run)).toMatchInlineSnapshot(`
      "IMAGE-MISSING
      ✖ An image is missing
        the image quay.io/jetstack/cert-manager-webhook:v1.21.1 is not on lab-vm, and
        it cannot be pulled
        because  quay.io does not answer lab-vm
                 dial tcp: lookup quay.io: i/o timeout
        where    object Pod cert-manager/cert-manager-webhook-xxxxxxxx-xxxxx, host
                 lab-vm, step cert-manager/install
        seen     Deployment cert-manager/cert-manager-webhook asks for it: container cert-manager-webhook of Pod cert-manager/cert-manager-webhook-xxxxxxxx-xxxxx
                 the kubelet says: Back-off pulling image "quay.io/jetstack/cert-manager-webhook:v1.21.1": ErrImagePull: failed to pull and unpack image "quay.io/jetstack/cert-manager-webhook:v1.21.1": failed to resolve reference "quay.io/jetstack/cert-manager-webhook:v1.21.1": failed to do request: Head "https://quay.io/v2/jetstack/cert-manager-webhook/manifests/v1.21.1": dial tcp: lookup quay.io: i/o timeout
        try      crictl pull quay.io/jetstack/cert-manager-webhook:v1.21.1
                   on lab-vm: what its runtime says
                 let lab-vm reach quay.io or a mirror of it, or load the image there: ctr -n k8s.io images import FILE
                 then run the same command again
      "
    `);
  });
});

describe('a plan from elsewhere', () => {
  it('finds nothing to change on a site that was installed on its node', async () => {
    const site = await stage('lab-vm');
    await site.play();

    const looked = await fromAfar(site).plan();
    site.world.close();

    expect(looked.entries.flatMap((entry) => (entry.event === 'found' ? entry.changes : []))).toEqual([]);
    expect(looked).toMatchObject({ outcome: 'done', changed: 0, faults: [] });
  });
});
