import { describe, expect, it } from 'vitest';
import { badDay, converged } from './bad-day.ts';

describe('a mishap in the cluster', () => {
  it('image-missing names the image and who asks for it, before anything waits for it', async () => {
    const day = await badDay('image-missing');

    expect(day.screen).toMatchInlineSnapshot(`
      "IMAGE-MISSING
      ✖ An image is missing
        the image quay.io/kubevirt/virt-api:v1.8.4 is not on plant-7-a
        because  the archive that should bring it does not, or its import has failed
        where    host plant-7-a, step k3s/import
        seen     quay.io/kubevirt/virt-api:v1.8.4 (images/novasphere-amd64.tar.zst) is asked for by component kubevirt: virt-operator makes the workload at run time
        try      ls -l /var/lib/rancher/k3s/agent/images
                   which archives the bundle has brought, on plant-7-a
                 grep -i import /var/lib/rancher/k3s/agent/containerd/containerd.log
                   whether one of them could not be read
                 novasphere plan PROFILE --bundle DIR
                   checks every file of the bundle
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(240);
    expect(day.end).toEqual(converged);
  });

  it('kubevirt-stuck names the missing image long before KubeVirt complains', async () => {
    const day = await badDay('kubevirt-stuck');

    expect(day.screen).toMatchInlineSnapshot(`
      "IMAGE-MISSING
      ✖ An image is missing
        the image quay.io/kubevirt/virt-handler:v1.8.4 is not on plant-7-a, and it
        cannot be pulled
        because  no registry answers, and without one an image comes from the bundle
                 alone
                 dial tcp: lookup quay.io: i/o timeout
        where    object Pod kubevirt/virt-handler-xxxxx, host plant-7-a, step
                 kubevirt/platform
        seen     DaemonSet kubevirt/virt-handler asks for it: container virt-handler of Pod kubevirt/virt-handler-xxxxx
                 the kubelet says: Back-off pulling image "quay.io/kubevirt/virt-handler:v1.8.4": ErrImagePull: failed to pull and unpack image "quay.io/kubevirt/virt-handler:v1.8.4": failed to resolve reference "quay.io/kubevirt/virt-handler:v1.8.4": failed to do request: Head "https://quay.io/v2/kubevirt/virt-handler/manifests/v1.8.4": dial tcp: lookup quay.io: i/o timeout
        try      k3s ctr images list -q | grep virt-handler
                   what plant-7-a has of it
                 ls -l /var/lib/rancher/k3s/agent/images
                   is the archive there that brings it, and whole?
                 systemctl restart 'k3s*'
                   imports every archive again; then run the same command again
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(180);
    expect(day.end).toEqual(converged);
  });

  it('image-denied repeats what the registry said, and where a login belongs', async () => {
    const day = await badDay('image-denied');

    expect(day.screen).toMatchInlineSnapshot(`
      "IMAGE-DENIED
      ✖ A registry refused an image
        the image quay.io/kubevirt/cdi-apiserver:v1.65.0 is not on plant-7-a, and
        quay.io refuses to give it
        because  pull access denied, repository does not exist or may require
                 authorization: server message: insufficient_scope: authorization
                 failed
        where    object Pod cdi/cdi-apiserver-xxxxxxxx-xxxxx, host plant-7-a, step
                 cdi/platform
        seen     Deployment cdi/cdi-apiserver asks for it: container cdi-apiserver of Pod cdi/cdi-apiserver-xxxxxxxx-xxxxx
                 the kubelet says: Back-off pulling image "quay.io/kubevirt/cdi-apiserver:v1.65.0": ErrImagePull: failed to pull and unpack image "quay.io/kubevirt/cdi-apiserver:v1.65.0": failed to resolve reference "quay.io/kubevirt/cdi-apiserver:v1.65.0": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed
        try      set cluster.registries.configs."quay.io".auth in the profile, where
                 that registry asks for a login
                 grep cdi-apiserver /var/lib/rancher/k3s/agent/containerd/containerd.log
                   which endpoint refused, on plant-7-a
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(180);
    expect(day.end).toEqual(converged);
  });

  it('webhook-silent tells that the pod behind the webhook is well, and nothing answers', async () => {
    const day = await badDay('webhook-silent');

    expect(day.screen).toMatchInlineSnapshot(`
      "CLUSTER-WEBHOOK
      ✖ An admission webhook does not answer
        the admission webhook webhook.cert-manager.io does not answer (tried to create
        Certificate default/trial-certificate), though its pod is ready
        because  nothing listens behind its Service
                 dial tcp 10.4x.x.x:443: connect: connection refused
        where    object Service cert-manager/cert-manager-webhook, host plant-7-a,
                 step cert-manager/install
        seen     Pod cert-manager/cert-manager-webhook-xxxxxxxx-xxxxx is Running and Ready, restarted 0 times
        try      kubectl -n cert-manager logs cert-manager-webhook-xxxxxxxx-xxxxx --tail 50
                   what it says of itself
                 kubectl -n cert-manager get endpointslices -l kubernetes.io/service-name=cert-manager-webhook
                   whether its address is known
                 kubectl -n cert-manager delete pod cert-manager-webhook-xxxxxxxx-xxxxx
                   starts it anew; then run the same command again
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(300);
    expect(day.end).toEqual(converged);
  });

  it('webhook-silent@kubevirt reads it out of the status of KubeVirt', async () => {
    const day = await badDay('webhook-silent@kubevirt');

    expect(day.screen).toMatchInlineSnapshot(`
      "CLUSTER-WEBHOOK
      ✖ An admission webhook does not answer
        the admission webhook
        virtualmachineclusterinstancetype-validator.instancetype.kubevirt.io does not
        answer, though its pod is ready
        because  nothing listens behind its Service
                 dial tcp 10.4x.x.x:443: connect: connection refused
        where    object Service kubevirt/virt-api, host plant-7-a, step
                 kubevirt/platform
        seen     Pod kubevirt/virt-api-xxxxxxxx-xxxxx is Running and Ready, restarted 0 times
        try      kubectl -n kubevirt logs virt-api-xxxxxxxx-xxxxx --tail 50
                   what it says of itself
                 kubectl -n kubevirt get endpointslices -l kubernetes.io/service-name=virt-api
                   whether its address is known
                 kubectl -n kubevirt delete pod virt-api-xxxxxxxx-xxxxx
                   starts it anew; then run the same command again
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(300);
    expect(day.end).toEqual(converged);
  });

  it('webhook-silent@cdi notices the API that does not answer', async () => {
    const day = await badDay('webhook-silent@cdi');

    expect(day.screen).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        the API v1beta1.upload.cdi.kubevirt.io does not answer, though its pod is
        ready
        because  nothing listens behind its Service
                 dial tcp 10.4x.x.x:443: connect: connection refused
        where    object Service cdi/cdi-api, host plant-7-a, step cdi/platform
        seen     Pod cdi/cdi-apiserver-xxxxxxxx-xxxxx is Running and Ready, restarted 0 times
        try      kubectl -n cdi logs cdi-apiserver-xxxxxxxx-xxxxx --tail 50
                   what it says of itself
                 kubectl -n cdi get endpointslices -l kubernetes.io/service-name=cdi-api
                   whether its address is known
                 kubectl -n cdi delete pod cdi-apiserver-xxxxxxxx-xxxxx
                   starts it anew; then run the same command again
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(300);
    expect(day.end).toEqual(converged);
  });

  it('longhorn-webhook says what can be ruled out and what is left', async () => {
    const day = await badDay('longhorn-webhook');

    expect(day.screen).toMatchInlineSnapshot(`
      "CLUSTER-WEBHOOK
      ✖ An admission webhook does not answer
        longhorn-manager on plant-7-a does not reach its own webhook, and was started
        3 times because of that
        because  Error starting webhooks: admission webhook service is not accessible
                 on cluster after 2m0s sec: timed out waiting for endpoint
                 https://longhorn-admission-webhook.longhorn-system.svc:9502/v1/healthz
                 to be available
        where    object Pod longhorn-system/longhorn-manager-xxxxx, host plant-7-a,
                 step longhorn/install
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
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(300);
    expect(day.end).toEqual(converged);
  });

  it('multus-broken takes Multus back', async () => {
    const day = await badDay('multus-broken');

    expect(day.screen).toMatchInlineSnapshot(`
      "NETWORK-BROKEN
      ✖ Pods get no network
        Multus has written a configuration with which no pod can start on plant-7-a
        because  /var/lib/rancher/k3s/agent/etc/cni/net.d/00-multus.conf names the
                 kubeconfig /etc/cni/net.d/multus.d/multus.kubeconfig, which is not
                 there
        where    file /var/lib/rancher/k3s/agent/etc/cni/net.d/00-multus.conf, host
                 plant-7-a, step multus/install
        seen     multus config file is created: /host/etc/cni/net.d/00-multus.conf
        try      ls /var/lib/rancher/k3s/agent/etc/cni/net.d
                   on plant-7-a: the file has been taken back, pods start without
                   Multus
                 run the same command again: Multus is installed anew
                 or set components.multus.enabled: false in the profile, to go on
                 without it
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(60);
    expect(day.end).toEqual(converged);
  });

  it('dns-dead tells CoreDNS that is not well from the way to it', async () => {
    const day = await badDay('dns-dead');

    expect(day.screen).toMatchInlineSnapshot(`
      "DNS-DEAD
      ✖ Names do not resolve
        no pod can resolve kubernetes.default.svc.cluster.local
        because  CoreDNS is ready, but does not answer behind its Service at
                 10.43.0.10
        where    object Deployment kube-system/coredns, host plant-7-a, step k3s/dns
        seen     ;; connection timed out; no servers could be reached
                 Pod kube-system/coredns-xxxxxxxx-xxxxx is Running and Ready, restarted 0 times
        try      kubectl -n kube-system logs deployment/coredns --tail 20
                   what CoreDNS itself complains of
                 kubectl -n kube-system get endpointslices -l kubernetes.io/service-name=kube-dns
                   whether it is known
                 iptables-save | grep -c KUBE
                   0: the rules of k3s are gone, and  systemctl restart k3s  brings
                   them back
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(120);
    expect(day.end).toEqual(converged);
  });

  it('node-not-ready repeats the condition of the node, and what it means', async () => {
    const day = await badDay('node-not-ready');

    expect(day.screen).toMatchInlineSnapshot(`
      "NODE-NOT-READY
      ✖ A node is not Ready
        node plant-7-a is not Ready: its condition Ready is False (KubeletNotReady)
        because  the kubelet gets no answer from containerd: the disk is far too slow,
                 or containerd hangs
                 PLEG is not healthy: pleg was last seen active 3m12s ago; threshold
                 is 3m0s
        where    object Node plant-7-a, host plant-7-a, step k3s/node
        seen     not Ready since 2026-11-21Thh:mm:ssZ, last reported at 2026-11-21Thh:mm:ssZ
        try      systemctl restart k3s
                   ends and starts both; pods go on running meanwhile
                 journalctl --no-pager --unit k3s --lines 100          on plant-7-a
                 kubectl describe node plant-7-a
                   everything that it says of itself
      "
    `);
    expect(day.exitCode).toBe(4);
    expect(day.seconds).toBeLessThan(400);
    expect(day.end).toEqual(converged);
  });

  it('node-not-ready@cdi finds the node behind a pod that fits nowhere', async () => {
    const day = await badDay('node-not-ready@cdi');

    expect(day.screen).toMatchInlineSnapshot(`
      "NODE-NOT-READY
      ✖ A node is not Ready
        node plant-7-a is not Ready: its condition Ready is False (KubeletNotReady)
        because  the kubelet gets no answer from containerd: the disk is far too slow,
                 or containerd hangs
                 PLEG is not healthy: pleg was last seen active 3m12s ago; threshold
                 is 3m0s
        where    object Node plant-7-a, host plant-7-a, step cdi/platform
        seen     not Ready since 2026-11-21Thh:mm:ssZ, last reported at 2026-11-21Thh:mm:ssZ
        try      systemctl restart k3s
                   ends and starts both; pods go on running meanwhile
                 journalctl --no-pager --unit k3s --lines 100          on plant-7-a
                 kubectl describe node plant-7-a
                   everything that it says of itself
      "
    `);
    expect(day.exitCode).toBe(4);
    expect(day.seconds).toBeLessThan(360);
    expect(day.end).toEqual(converged);
  });

  it('guest-silent shows the last lines of the console', async () => {
    const day = await badDay('guest-silent');

    expect(day.screen).toMatchInlineSnapshot(`
      "GUEST-SILENT
      ✖ The sample VM never printed a login prompt
        the sample VM runs, but did not print a login prompt within 10 min
        because  its console stopped at “Booting from Hard Disk...”
        where    object VirtualMachineInstance novasphere-verify/novasphere-sample-vm,
                 host plant-7-a, step verify/sample-vm
        seen     SeaBIOS (version 1.16.3-4.el9)
                 Booting from Hard Disk...
        try      kubectl -n novasphere-verify logs -l kubevirt.io=virt-launcher -c guest-console-log --tail 50
                   its console, until the next run
                 set verify.vm.timeout in the profile higher where guests run in
                 software emulation
      "
    `);
    expect(day.exitCode).toBe(4);
    expect(day.seconds).toBeLessThan(900);
    expect(day.end).toEqual(converged);
  });

  it('api-500 says how often and how long it has asked', async () => {
    const day = await badDay('api-500');

    expect(day.screen).toMatchInlineSnapshot(`
      "CLUSTER-SERVER-ERROR
      ✖ The API server failed
        The API server answers HTTP 500 (tried to read ConfigMap
        novasphere-system/inventory-cdi-operator, 12 times within 2 min 16 s)
        because  its database, etcd, does not get its writes to the disk in time
                 etcdserver: request timed out
        where    host plant-7-a, step cdi/operator
        try      journalctl --unit k3s --lines 50          what it suffers from
                 kubectl get --raw '/readyz?verbose'
                   which part of it is not well
                 run the same command again once it is: it goes on from here
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(180);
    expect(day.end).toEqual(converged);
  });
});
