import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GateTrials } from '../testbed/gate-trials.ts';

describe('the gates of Longhorn on a real API server', () => {
  let trials: GateTrials;
  beforeAll(async () => {
    trials = await GateTrials.open('longhorn');
  });
  afterAll(() => trials.close());

  /** Whether Longhorn says so of its node. */
  async function says(reason: string): Promise<boolean> {
    const nodes = await trials.admin.list({
      apiVersion: 'longhorn.io/v1beta2',
      kind: 'Node',
      namespace: 'longhorn-system',
    });
    return JSON.stringify(nodes.items).includes(reason);
  }

  it('are shut while the snapshot controller does not find its kinds', async () => {
    const told = await trials.during('snapshot-kinds-unknown', /snapshot-controller.*failing/);

    expect(told).toMatchInlineSnapshot(`
      "POD-FAILING
      ✖ A pod keeps failing
        container snapshot-controller of Pod
        kube-system/snapshot-controller-xxxxxxxx-xxxxx keeps failing (restarted …
        times)
        because  Exiting due to failure to ensure CRDs exist during startup: timed out
                 waiting for the condition
        where    object Pod kube-system/snapshot-controller-xxxxxxxx-xxxxx, host
                 lab-vm, step longhorn/snapshotter
        seen     Exiting due to failure to ensure CRDs exist during startup: timed out waiting for the condition
        try      kubectl -n kube-system logs snapshot-controller-xxxxxxxx-xxxxx -c snapshot-controller --previous
      "
    `);
  });

  it('are shut while the manager does not reach its own webhook', async () => {
    const told = await trials.during('longhorn-webhook-waits', /never/);

    expect(told).toMatchInlineSnapshot(`
      "CLUSTER-WEBHOOK
      ✖ An admission webhook does not answer
        longhorn-manager on lab-vm does not reach its own webhook, and was started …
        times because of that
        because  Error starting webhooks: admission webhook service is not accessible
                 on cluster after 2m0s sec: timed out waiting for endpoint
                 https://longhorn-admission-webhook.longhorn-system.svc:9502/v1/healthz
                 to be available
        where    object Pod longhorn-system/longhorn-manager-xxxxx, host lab-vm, step
                 longhorn/install
        seen     cluster DNS: was well at hh:mm UTC
                 a pod reaching itself through its Service (hairpin): was well at hh:mm UTC
                 NetworkPolicies in longhorn-system: backing-image-data-source, backing-image-manager, instance-manager, longhorn-manager, longhorn-recovery-backend, longhorn-webhook
                 a firewall between the node and its pods: not looked at
        try      kubectl -n longhorn-system get networkpolicies,endpointslices
                   who may reach port 9502, and where it is
                 kubectl -n kube-system logs deployment/coredns --tail 20
                   whether names resolve
                 sysctl net.bridge.bridge-nf-call-iptables
                   must be 1, or a pod does not reach itself through its Service
      "
    `);
  });

  it('are shut while the image of its engine is missing', async () => {
    // For the test after this one: what is registered stays registered.
    trials.stage.site.troubles.start('longhorn-unregistered');
    const told = await trials.during(['image-missing', trials.image('longhorn-engine')], /engine image/);

    expect(told).toMatchInlineSnapshot(`
      "IMAGE-MISSING
      ✖ An image is missing
        the image docker.io/longhornio/longhorn-engine:v1.12.1 is not on lab-vm, and
        it cannot be pulled
        because  no registry answers, and without one an image comes from the bundle
                 alone
                 dial tcp: lookup registry-1.docker.io: i/o timeout
        where    object Pod longhorn-system/engine-image-ei-xxxxxxxx-xxxxx, host
                 lab-vm, step longhorn/install
        seen     DaemonSet longhorn-system/engine-image-ei-df53698b asks for it: container engine-image-ei-df53698b of Pod longhorn-system/engine-image-ei-xxxxxxxx-xxxxx
                 the kubelet says: Back-off pulling image "docker.io/longhornio/longhorn-engine:v1.12.1": ErrImagePull: failed to pull and unpack image "docker.io/longhornio/longhorn-engine:v1.12.1": failed to resolve reference "docker.io/longhornio/longhorn-engine:v1.12.1": failed to do request: Head "https://registry-1.docker.io/v2/longhornio/longhorn-engine/manifests/v1.12.1": dial tcp: lookup registry-1.docker.io: i/o timeout
        try      k3s ctr images list -q | grep longhorn-engine
                   what lab-vm has of it
                 ls -l /var/lib/rancher/k3s/agent/images
                   is the archive there that brings it, and whole?
                 systemctl restart 'k3s*'
                   imports every archive again; then run the same command again
      "
    `);
  });

  it('are shut while its driver is not registered', async () => {
    const { told, mended } = await trials.under('longhorn-unregistered', /does not list/);

    expect(mended).toBe('done');
    expect(told).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        the storage driver of Longhorn is not registered on lab-vm, so no pod there
        gets a volume
        because  its registrar has not made it known to the kubelet, or the kubelet
                 looks in another directory
        where    object CSINode lab-vm, host lab-vm, step longhorn/install
        try      kubectl -n longhorn-system logs -l app=longhorn-csi-plugin -c node-driver-registrar --tail 20
                 ls /var/lib/kubelet/plugins_registry
                   on lab-vm: is driver.longhorn.io-reg.sock there?
                 kubectl -n longhorn-system rollout restart daemonset longhorn-csi-plugin
                   registers it anew
      "
    `);
  });

  it('are shut while its disk is another one', async () => {
    const { told, mended } = await trials.under('longhorn-disk-changed', /is not ready/, () =>
      says('DiskFilesystemChanged'),
    );

    expect(told).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        the disk default-disk-edb8bac2 of Longhorn on lab-vm is not ready
        because  the disk was formatted or exchanged since Longhorn wrote its mark on
                 it; whatever replicas it held are gone
                 Disk default-disk-edb8bac2(/var/lib/longhorn) on node lab-vm is not
                 ready: record diskUUID doesn't match the one on the disk
        where    object nodes.longhorn.io lab-vm, host lab-vm, step longhorn/disks
        seen     condition Ready is False (DiskFilesystemChanged) since …
        try      kubectl -n longhorn-system get replicas.longhorn.io -o wide
                   first: which replicas lay on it
                 kubectl -n longhorn-system edit nodes.longhorn.io lab-vm
                   set allowScheduling: false, then remove the disk from spec.disks
                 novasphere apply PROFILE --only longhorn          adds it again
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while its disk is too full', async () => {
    const { told, mended } = await trials.under('longhorn-disk-full', /DiskPressure/, () => says('DiskPressure'));

    expect(told).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        the disk default-disk-edb8bac2 of Longhorn on lab-vm is not ready
        because  less is free on it than Longhorn wants to keep free
                 disk default-disk-edb8bac2(/var/lib/longhorn) on the node lab-vm has
                 23227923521 available, but requires reserved 143677877452, minimal
                 25%
        where    object nodes.longhorn.io lab-vm, host lab-vm, step longhorn/disks
        seen     condition Schedulable is False (DiskPressure) since …
        try      df -h /var/lib/longhorn          on lab-vm
                 kubectl -n longhorn-system get volumes.longhorn.io
                   what may be deleted, snapshots too
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while packages are missing', async () => {
    const { told, mended } = await trials.under('longhorn-packages-missing', /PackagesNotInstalled/, () =>
      says('PackagesNotInstalled'),
    );

    expect(told).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        Longhorn does not trust the node lab-vm
        because  iscsiadm is not installed on the machine, or iscsid does not run
                 Missing packages: [nfs-common open-iscsi cryptsetup dmsetup]
        where    object nodes.longhorn.io lab-vm, host lab-vm, step longhorn/disks
        seen     condition RequiredPackages is False (PackagesNotInstalled) since …
        try      novasphere apply PROFILE --only host
                   installs open-iscsi again
                 systemctl status iscsid          on lab-vm
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while what is written is lost', async () => {
    await trials.forget('longhorn/volume');
    const { told, mended } = await trials.under('storage-forgets', /never/);

    expect(told).toMatchInlineSnapshot(`
      "STORAGE-FAILED
      ✖ A volume did not keep its data
        what was written to a volume is not there for the next pod
        because  cat: can't open '/data/trial': No such file or directory
        where    object PersistentVolumeClaim novasphere-system/trial-filesystem, host
                 lab-vm, step longhorn/volume
        seen     cat: can't open '/data/trial': No such file or directory
        try      kubectl -n longhorn-system get volumes.longhorn.io
                   shows the state of every volume
                 kubectl -n longhorn-system logs -l app=longhorn-manager --tail=50
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while a volume does not go', async () => {
    await trials.forget('longhorn/block-volume');
    const { told, mended } = await trials.under('longhorn-volume-stays', /is still there/);

    expect(told).toMatchInlineSnapshot(`
      "DELETION-STUCK
      ✖ Something was deleted and does not go
        the volume pvc-… of a trial does not go, though its claim has
        because  Longhorn has not removed what is behind it, or a node still holds it
        where    object PersistentVolume pvc-…, host lab-vm, step
                 longhorn/block-volume
        try      kubectl -n longhorn-system get volumes.longhorn.io pvc-…
                   its state, and where it is attached
                 kubectl get volumeattachments          whether a node still holds it
                 kubectl -n longhorn-system logs -l app=csi-provisioner --tail 20
                   who removes it
      "
    `);
    expect(mended).toBe('done');
  });

  it.each([/a pod to write to a new volume/, /another pod to read the block volume back/])(
    'leave nothing of a trial that was interrupted at %s',
    async (gate) => {
      expect(await trials.interrupted(['longhorn/volume', 'longhorn/block-volume'], gate)).toEqual({
        outcome: 'interrupted',
        left: [],
        again: 'done',
        leftThen: [],
      });
    },
  );
});
