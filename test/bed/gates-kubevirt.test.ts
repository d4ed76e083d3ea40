import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GateTrials } from '../testbed/gate-trials.ts';

const own = { apiVersion: 'kubevirt.io/v1', kind: 'KubeVirt', namespace: 'kubevirt', name: 'kubevirt' };

describe('the gates of KubeVirt on a real API server', () => {
  let trials: GateTrials;
  beforeAll(async () => {
    trials = await GateTrials.open('kubevirt', [], { profile: 'single-node' });
  });
  afterAll(() => trials.close());

  it('are shut while an image of it is missing', async () => {
    // For a test after this one: what answers goes on answering.
    trials.stage.site.troubles.start('webhook-silent', 'kubevirt');
    const told = await trials.during(['image-missing', trials.image('virt-operator')], /virt-operator/);

    expect(told).toMatchInlineSnapshot(`
      "IMAGE-MISSING
      ✖ An image is missing
        the image quay.io/kubevirt/virt-operator:v1.8.4 is not on plant-7-a, and it
        cannot be pulled
        because  no registry answers, and without one an image comes from the bundle
                 alone
                 dial tcp: lookup quay.io: i/o timeout
        where    object Pod kubevirt/virt-operator-xxxxxxxx-xxxxx, host plant-7-a,
                 step kubevirt/operator
        seen     Deployment kubevirt/virt-operator asks for it: container virt-operator of Pod kubevirt/virt-operator-xxxxxxxx-xxxxx
                 the kubelet says: Back-off pulling image "quay.io/kubevirt/virt-operator:v1.8.4": ErrImagePull: failed to pull and unpack image "quay.io/kubevirt/virt-operator:v1.8.4": failed to resolve reference "quay.io/kubevirt/virt-operator:v1.8.4": failed to do request: Head "https://quay.io/v2/kubevirt/virt-operator/manifests/v1.8.4": dial tcp: lookup quay.io: i/o timeout
        try      k3s ctr images list -q | grep virt-operator
                   what plant-7-a has of it
                 ls -l /var/lib/rancher/k3s/agent/images
                   is the archive there that brings it, and whole?
                 systemctl restart 'k3s*'
                   imports every archive again; then run the same command again
      "
    `);
  });

  it('are shut while another KubeVirt is there, which does not go', async () => {
    const told = await trials.damaged({
      reason: /active KubeVirt deployment/,
      async damage() {
        const metadata = { namespace: 'default', name: 'kubevirt', finalizers: ['example.test/held'] };
        await trials.admin.create({ apiVersion: own.apiVersion, kind: own.kind, metadata, spec: {} });
        await trials.admin.delete({ ...own, namespace: 'default' });
      },
      async mend() {
        await trials.admin.patch({ ...own, namespace: 'default' }, { metadata: { finalizers: null } });
      },
    });

    expect(told).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        KubeVirt is not Deployed
        because  there is another KubeVirt in the cluster, and only one may be
                 There is an active KubeVirt deployment
        where    object KubeVirt kubevirt/kubevirt, host plant-7-a, step
                 kubevirt/platform
        seen     condition Synchronized is False (ExistingDeployment)
        try      kubectl get kubevirt --all-namespaces
                 kubectl -n kubevirt delete kubevirt kubevirt
                   the one that does not work
      "
    `);
  });

  it('are shut while QEMU may not be run on the node', async () => {
    const told = await trials.during('qemu-denied', /libvirt|Permission denied/);

    expect(told).toMatchInlineSnapshot(`
      "POD-FAILING
      ✖ A pod keeps failing
        container virt-launcher of Pod kubevirt/virt-handler-xxxxx keeps failing
        (restarted … times)
        because  the AppArmor profile of libvirt on the host forbids QEMU
                 libvirt:  error : cannot execute binary /usr/libexec/qemu-kvm:
                 Permission denied
        where    object Pod kubevirt/virt-handler-xxxxx, host plant-7-a, step
                 kubevirt/platform
        seen     libvirt:  error : cannot execute binary /usr/libexec/qemu-kvm: Permission denied
        try      apt-get purge libvirt-daemon-system          on the machine
      "
    `);
  });

  it('are shut while its webhook never answers', async () => {
    const { told, mended } = await trials.under(['webhook-silent', 'kubevirt'], /virt-api/);

    expect(told).toMatchInlineSnapshot(`
      "CLUSTER-WEBHOOK
      ✖ An admission webhook does not answer
        the admission webhook
        virtualmachineclusterinstancetype-validator.instancetype.kubevirt.io does not
        answer, though its pod is ready
        because  nothing listens behind its Service
                 dial tcp 10.4x.x.x:443: connect: connection refused
        where    object Service kubevirt/virt-api, host plant-7-a, step
                 kubevirt/platform
        seen     Pod kubevirt/virt-api-xxxxxxxx-xxxxx is Running and Ready, restarted … times
        try      kubectl -n kubevirt logs virt-api-xxxxxxxx-xxxxx --tail 50
                   what it says of itself
                 kubectl -n kubevirt get endpointslices -l kubernetes.io/service-name=virt-api
                   whether its address is known
                 kubectl -n kubevirt delete pod virt-api-xxxxxxxx-xxxxx
                   starts it anew; then run the same command again
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while the node offers no KVM', async () => {
    const { told, mended } = await trials.under('kvm-missing', /devices.kubevirt.io\/kvm/, async () => {
      const node = await trials.admin.get({ apiVersion: 'v1', kind: 'Node', name: 'plant-7-a' });
      return node?.['status'].allocatable['devices.kubevirt.io/kvm'] === '0';
    });

    expect(told).toMatchInlineSnapshot(`
      "PREFLIGHT-CPU
      ✖ The CPU cannot run virtual machines
        plant-7-a offers no KVM: it cannot run virtual machines in hardware
        because  virt-handler finds no /dev/kvm there: VT-x, AMD-V or SVM is off, or
                 the node is a virtual machine without nesting
        where    object Node plant-7-a, host plant-7-a, step kubevirt/platform
        try      ls -l /dev/kvm          on plant-7-a
                 turn on VT-x, AMD-V or SVM in the firmware, or nested virtualisation
                 where it is a virtual machine
                 or set components.kubevirt.emulation: always in the profile, which is
                 slow
      "
    `);
    expect(mended).toBe('done');
  });

  it('leave nothing of a machine that was tried only', async () => {
    const sent = (await trials.stage.site.plane.audit()).filter(({ uri }) => /\/virtualmachines(\?|$)/.test(uri));

    expect(sent.some(({ dryRun, code }) => dryRun && code === 201)).toBe(true);
    expect(sent.filter(({ dryRun, mutating }) => mutating && !dryRun)).toEqual([]);
  });
});
