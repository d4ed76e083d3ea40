import { describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { PaperMachine } from '../verbs/paper-machine.ts';
import { smallSite } from '../verbs/site-on-paper.ts';
import { cpuManagerStateStep } from './cpu-manager-state-step.ts';
import { tokenStep } from './files.ts';
import { imageStoreStep } from './image-store-step.ts';
import { nodeReady } from './node-ready.ts';
import { serviceStep } from './service-step.ts';

const signal = new AbortController().signal;
const act = { changes: [], signal, waitFor: async () => [] };
const boot = '/proc/sys/kernel/random/boot_id';
const active = 'systemctl is-active k3s.service';
const restart = 'systemctl restart --no-block k3s.service';
const screen = (fault: Fault | undefined) =>
  fault && [`${fault.code} ${fault.message}`, ...fault.record().because, ...fault.evidence, ...fault.remedy];

describe('k3s/service', () => {
  const paper = () => {
    let state = 'inactive';
    const machine = new PaperMachine().put('/usr/local/bin/k3s', 'ELF').put('/etc/rancher/k3s/config.yaml', 'a: 1\n');
    machine
      .says(active, () => state)
      .does(restart, () => {
        state = 'active';
      });
    return { machine, set: (other: string) => (state = other) };
  };

  it('starts k3s, and leaves it alone afterwards', async () => {
    const { machine } = paper();
    const step = serviceStep(await smallSite());

    const before = await step.probe(machine.stage());
    await step.apply(machine.stage(), act);

    expect(before).toMatchObject({ changes: [{ what: 'k3s.service', from: 'inactive', to: 'running' }] });
    expect(await step.probe(machine.stage())).toEqual({ state: 'converged' });
  });

  it('restarts k3s because of a file that has changed, also when the power went in between', async () => {
    const { machine } = paper();
    const step = serviceStep(await smallSite());
    await step.apply(machine.stage(), act);

    machine.put('/etc/rancher/k3s/config.yaml', 'a: 2\n');

    expect(await step.probe(machine.stage())).toMatchObject({
      changes: [{ to: 'restarted because of /etc/rancher/k3s/config.yaml', restarts: 'k3s' }],
    });
  });

  it('restarts k3s when hugepages have changed: the kubelet finds them only when it starts', async () => {
    const { machine } = paper();
    await serviceStep(await smallSite()).apply(machine.stage(), act);

    const more = await smallSite({ profile: { host: { hugepages: { '2Mi': 512 } } } });

    expect(await serviceStep(more).probe(machine.stage())).toMatchObject({
      changes: [{ to: 'restarted because of hugepages' }],
    });
  });

  it('shows the last words of a k3s that does not start', async () => {
    const { machine, set } = paper();
    set('failed');
    const log = 'level=info msg="Starting k3s"\nlevel=fatal msg="failed to find memory cgroup (v2)"\n';
    machine.says('journalctl --no-pager --unit k3s.service --lines 40', log);

    const verdict = await serviceStep(await smallSite()).gate?.check(machine.stage());

    expect(verdict?.ready === false && screen(verdict.hopeless)).toMatchInlineSnapshot(`
      [
        "COMPONENT-FAILED k3s.service does not start",
        "the kernel was started without its memory controller",
        "level=fatal msg="failed to find memory cgroup (v2)"",
        "add cgroup_enable=memory to the kernel command line, and restart the machine",
        "then run the same command again",
      ]
    `);
  });
});

describe('k3s/image-store', () => {
  it('removes what an import left that a power cut has ended', async () => {
    const machine = new PaperMachine().put(boot, 'boot-2\n').put('/var/lib/novasphere/images-importing', 'boot-1\n');
    machine.says(active, 'active').says('systemctl is-active kubepods.slice', 'inactive');
    machine.does('systemctl stop k3s.service').does('rm -rf /var/lib/rancher/k3s/agent/containerd');
    const step = imageStoreStep(await smallSite());

    expect(await step.probe(machine.stage())).toMatchObject({ state: 'drifted' });
    await step.apply(machine.stage(), act);

    expect(machine.log).toEqual([
      'systemctl stop k3s.service',
      'rm -rf /var/lib/rancher/k3s/agent/containerd',
      'write /var/lib/novasphere/images-importing',
    ]);
    expect(await step.probe(machine.stage())).toEqual({ state: 'converged' });
  });

  it('leaves an import alone that is still going on in this boot', async () => {
    const machine = new PaperMachine().put(boot, 'boot-1\n').put('/var/lib/novasphere/images-importing', 'boot-1\n');

    expect(await imageStoreStep(await smallSite()).probe(machine.stage())).toEqual({ state: 'converged' });
  });
});

describe('a node', () => {
  const node = (change: { bootID?: string; ready?: string; version?: string; taints?: object[] } = {}) => {
    const { bootID = 'boot-2', ready = 'True', version = 'v1.35.8+k3s1', taints = [] } = change;
    const conditions = [{ type: 'Ready', status: ready, message: 'container runtime network not ready' }];
    const status = { conditions, nodeInfo: { bootID, kubeletVersion: version } };
    return { apiVersion: 'v1', kind: 'Node', metadata: { name: 'plant-7-a' }, spec: { taints }, status } as KubeObject;
  };
  const look = async (object: KubeObject | undefined) => {
    const cluster = { get: async () => object };
    const stage = new PaperMachine().put(boot, 'boot-2\n').stage({ cluster } as unknown as Partial<Sight>);
    const seen = await nodeReady('plant-7-a', 'v1.35.8+k3s1')(stage);
    return seen.ready ? seen.evidence : seen.because;
  };

  it('is believed when its kubelet has spoken in this boot', async () => {
    expect(await look(node())).toEqual(['node plant-7-a is Ready in this boot, kubelet v1.35.8+k3s1']);
  });

  it('is not believed while the API server shows what it knew before the restart', async () => {
    expect(await look(node({ bootID: 'boot-1' }))).toBe(
      'the kubelet of plant-7-a has not reported since the machine was started',
    );
  });

  it('is not ready while one thing is missing, and says which', async () => {
    const taints = [{ key: 'node.cloudprovider.kubernetes.io/uninitialized', effect: 'NoSchedule' }];

    expect([
      await look(undefined),
      await look(node({ ready: 'False' })),
      await look(node({ taints })),
      await look(node({ version: 'v1.34.1+k3s1' })),
    ]).toEqual([
      'node plant-7-a has not registered yet',
      'node plant-7-a is not Ready: container runtime network not ready',
      'node plant-7-a still carries the taint node.cloudprovider.kubernetes.io/uninitialized',
      'the kubelet of plant-7-a is v1.34.1+k3s1, wanted is v1.35.8+k3s1',
    ]);
  });
});

describe('what stands in the way of k3s', () => {
  it('lets go of the state of another CPU policy while k3s is stopped', async () => {
    const file = '/var/lib/kubelet/cpu_manager_state';
    const machine = new PaperMachine().put(file, '{"policyName":"none","defaultCpuSet":""}');
    machine.says(active, 'active').does('systemctl stop k3s.service');
    const step = cpuManagerStateStep(
      await smallSite({ profile: { host: { cpuManager: { policy: 'static', reserved: '0-1' } } } }),
    );

    await step.apply(machine.stage(), act);

    expect(machine.log).toEqual(['systemctl stop k3s.service', `remove ${file}`]);
    expect(await step.probe(machine.stage())).toEqual({ state: 'converged' });
  });

  it('says how to make a token when a node has to join and the profile has none', async () => {
    const small = await smallSite();
    const agent = { ...small.node, name: 'plant-7-b', role: 'agent' as const };
    const site = { ...small, node: agent, profile: { ...small.profile, nodes: [small.node, agent] } };

    const fault = await tokenStep(site)
      .probe(new PaperMachine().stage())
      .catch((error: unknown) => error as Fault);

    expect(fault instanceof Fault && screen(fault)).toMatchInlineSnapshot(`
      [
        "PROFILE-SECRET plant-7-b has to join a cluster, and the profile names no token for that",
        "openssl rand -hex 32 > /etc/novasphere/token",
        "set cluster.k3s.token: {fromFile: /etc/novasphere/token}",
      ]
    `);
  });
});
