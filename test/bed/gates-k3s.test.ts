import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GateTrials } from '../testbed/gate-trials.ts';

describe('the gates of k3s on a real API server', () => {
  let trials: GateTrials;
  beforeAll(async () => {
    trials = await GateTrials.open('k3s');
  });
  afterAll(() => trials.close());

  it('are shut while the node is not Ready', async () => {
    const { told, mended } = await trials.under('node-not-ready', /is not Ready/, async () => {
      const node = await trials.admin.get({ apiVersion: 'v1', kind: 'Node', name: 'lab-vm' });
      return JSON.stringify(node?.['status'].conditions).includes('PLEG');
    });

    expect(told).toMatchInlineSnapshot(`
      "NODE-NOT-READY
      ✖ A node is not Ready
        node lab-vm is not Ready: its condition Ready is False (KubeletNotReady)
        because  the kubelet gets no answer from containerd: the disk is far too slow,
                 or containerd hangs
                 PLEG is not healthy: pleg was last seen active 3m12s ago; threshold
                 is 3m0s
        where    object Node lab-vm, host lab-vm, step k3s/node
        seen     not Ready since 2026-…T…Z, last reported at 2026-…T…Z
        try      systemctl restart k3s
                   ends and starts both; pods go on running meanwhile
                 journalctl --no-pager --unit k3s --lines 100          on lab-vm
                 kubectl describe node lab-vm
                   everything that it says of itself
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while names do not resolve', async () => {
    await trials.forget('k3s/dns');
    const { told, mended } = await trials.under('dns-dead', /never/);

    expect(told).toMatchInlineSnapshot(`
      "DNS-DEAD
      ✖ Names do not resolve
        no pod can resolve kubernetes.default.svc.cluster.local
        because  CoreDNS is ready, but does not answer behind its Service at 10.4x.x.x
        where    object Deployment kube-system/coredns, host lab-vm, step k3s/dns
        seen     ;; connection timed out; no servers could be reached
                 Pod kube-system/coredns-xxxxxxxx-xxxxx is Running and Ready, restarted … times
        try      kubectl -n kube-system logs deployment/coredns --tail 20
                   what CoreDNS itself complains of
                 kubectl -n kube-system get endpointslices -l kubernetes.io/service-name=kube-dns
                   whether it is known
                 iptables-save | grep -c KUBE
                   0: the rules of k3s are gone, and  systemctl restart k3s  brings
                   them back
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while a pod does not reach itself', async () => {
    await trials.forget('k3s/hairpin');
    const { told, mended } = await trials.under('hairpin-broken', /never/);

    expect(told).toMatchInlineSnapshot(`
      "NETWORK-BROKEN
      ✖ Pods get no network
        a pod cannot reach itself through its own Service
        because  hairpin traffic is dropped between the pod network and the Service
        where    host lab-vm, step k3s/hairpin
        seen     wget: can't connect to remote host (10.4x.x.x): Connection timed out
        try      sysctl net.bridge.bridge-nf-call-iptables          must be 1
                 iptables --version          must not be 1.8.0 to 1.8.4
      "
    `);
    expect(mended).toBe('done');
  });

  it.each([/resolve/, /reach itself/])('leave nothing of a pod that was interrupted at %s', async (gate) => {
    expect(await trials.interrupted(['k3s/dns', 'k3s/hairpin'], gate)).toEqual({
      outcome: 'interrupted',
      left: [],
      again: 'done',
      leftThen: [],
    });
  });
});
