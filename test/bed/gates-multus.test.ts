import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GateTrials } from '../testbed/gate-trials.ts';

const daemonSet = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-multus-ds' };

describe('the gates of Multus on a real API server', () => {
  let trials: GateTrials;
  beforeAll(async () => {
    trials = await GateTrials.open('multus');
  });
  afterAll(() => trials.close());

  it('are shut while it is killed for want of memory', async () => {
    const { told, mended } = await trials.under('multus-out-of-memory', /out of memory/);

    expect(told).toMatchInlineSnapshot(`
      "POD-FAILING
      ✖ A pod keeps failing
        container kube-multus of Pod kube-system/kube-multus-ds-xxxxx is out of
        memory: it was ended at its limit of 256Mi
        because  the kernel ends Multus at its memory limit, which is too low for many
                 pods that start at once
        where    object Pod kube-system/kube-multus-ds-xxxxx, host lab-vm, step
                 multus/install
        try      kubectl -n kube-system set resources daemonset/kube-multus-ds -c kube-multus --limits=memory=SIZE
                   more than 256Mi
                 then run the same command again
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while what it writes stops every new pod, and it is taken back', async () => {
    await trials.forget('multus/plain-pod');
    const { troubles } = trials.stage.site;
    const { told, mended } = await trials.broken({
      reason: /names the kubeconfig|with which no pod/,
      async damage() {
        troubles.start('multus-config-broken');
        // It writes its configuration when it starts.
        await trials.admin.delete(daemonSet);
      },
      mend: () => troubles.end('multus-config-broken'),
    });

    expect(told).toMatchInlineSnapshot(`
      "NETWORK-BROKEN
      ✖ Pods get no network
        Multus has written a configuration with which no pod can start on lab-vm
        because  /var/lib/rancher/k3s/agent/etc/cni/net.d/00-multus.conf names the
                 kubeconfig /etc/cni/net.d/multus.d/multus.kubeconfig, which is not
                 there
        where    file /var/lib/rancher/k3s/agent/etc/cni/net.d/00-multus.conf, host
                 lab-vm, step multus/install
        seen     multus config file is created: /host/etc/cni/net.d/00-multus.conf
        try      ls /var/lib/rancher/k3s/agent/etc/cni/net.d
                   on lab-vm: the file has been taken back, pods start without Multus
                 run the same command again: Multus is installed anew
                 or set components.multus.enabled: false in the profile, to go on
                 without it
      taken back: removed the Multus DaemonSet and /var/lib/rancher/k3s/agent/etc/cni/net.d/00-multus.conf from lab-vm: new pods start without Multus
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while its plugin is not where containerd looks, and it is taken back', async () => {
    await trials.forget('multus/plain-pod');
    const { told, mended } = await trials.under('multus-binary-missing', /no network/);

    expect(told).toMatchInlineSnapshot(`
      "NETWORK-BROKEN
      ✖ Pods get no network
        Pod novasphere-system/trial-plain gets no network, and Multus is what fails
        because  the Multus plugin is not in the directory that containerd looks in:
                 an upgrade of k3s has moved that directory
                 Failed to create pod sandbox: rpc error: code = Unknown desc = failed
                 to setup network for sandbox "…": failed to find plugin "multus" in
                 path [/var/lib/rancher/k3s/data/cni]
        where    object Pod novasphere-system/trial-plain, host lab-vm, step
                 multus/plain-pod
        try      ls /var/lib/rancher/k3s/data/cni
                   on lab-vm: whether multus is there
                 kubectl -n kube-system rollout restart daemonset kube-multus-ds
                   copies it again
      taken back: removed the Multus DaemonSet and /var/lib/rancher/k3s/agent/etc/cni/net.d/00-multus.conf from lab-vm: new pods start without Multus
      "
    `);
    expect(mended).toBe('done');
  });

  it.each([/a plain pod/, /a second interface/])('leave nothing of a pod that was interrupted at %s', async (gate) => {
    expect(await trials.interrupted(['multus/plain-pod', 'multus/second-nic'], gate)).toEqual({
      outcome: 'interrupted',
      left: [],
      again: 'done',
      leftThen: [],
    });
  });
});
