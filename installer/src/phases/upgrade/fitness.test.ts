import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { FakeCluster } from '../verbs/fake-cluster.ts';
import { machinesTold, nothingImports, nothingMigrates } from './checks/machines.ts';
import { nodesWell } from './checks/nodes.ts';
import type { Look } from './checks/problem.ts';
import { backingImagesWell, volumesWell } from './checks/volumes.ts';

/** What a look says of a cluster with these objects: each sentence, whether it passes by itself, and what mends it. */
async function said(look: Look, ...objects: readonly Json[]): Promise<readonly string[]> {
  const problems = await look({ cluster: clusterWith(objects) });
  return problems.map(({ sentence, remedy, passing }) => `${passing === true ? 'waits: ' : ''}${sentence} | ${remedy}`);
}

function clusterWith(objects: readonly Json[]): FakeCluster {
  const cluster = new FakeCluster();
  cluster.put(...objects);
  return cluster;
}

const condition = (type: string, status: string, message = '') => ({ type, status, message });

function node(name: string, conditions: readonly Json[], spec: Json = {}): Json {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec, status: { conditions } };
}

function longhorn(kind: string, name: string, status: Json, spec: Json = {}): Json {
  const metadata = { name, namespace: 'longhorn-system' };
  return { apiVersion: 'longhorn.io/v1beta2', kind, metadata, spec, status };
}

const claim = { namespace: 'vms', pvcName: 'disk' };

describe('nodes', () => {
  it('are well when they are Ready and under no pressure', async () => {
    expect(
      await said(nodesWell, node('one', [condition('Ready', 'True'), condition('DiskPressure', 'False')])),
    ).toEqual([]);
  });

  it('are told one by one', async () => {
    const silent = node('one', [condition('Ready', 'Unknown', 'Kubelet stopped posting node status.')]);
    const full = node('two', [
      condition('Ready', 'True'),
      condition('DiskPressure', 'True', 'kubelet has disk pressure'),
    ]);
    const cordoned = node('three', [condition('Ready', 'True')], { unschedulable: true });

    expect(await said(nodesWell, silent, full, cordoned)).toEqual([
      'waits: node one is not Ready: Kubelet stopped posting node status. | kubectl describe node one',
      'node two has DiskPressure: kubelet has disk pressure | kubectl describe node two          shows what takes it up',
      'node three takes no new pods, because somebody has cordoned it | kubectl uncordon three',
    ]);
  });
});

describe('volumes', () => {
  const installed = volumesWell('v1.11.3');
  const engine = 'docker.io/longhornio/longhorn-engine:v1.11.3';

  it('are well when they are healthy, or detached', async () => {
    const healthy = longhorn('Volume', 'a', { robustness: 'healthy', state: 'attached', currentImage: engine });
    const detached = longhorn('Volume', 'b', { robustness: 'unknown', state: 'detached', currentImage: engine });

    expect(await said(installed, healthy, detached)).toEqual([]);
  });

  it('are told one by one, with the claim that they belong to', async () => {
    const faulted = longhorn('Volume', 'pvc-1', { robustness: 'faulted', kubernetesStatus: claim });
    const unplaced = [
      { type: 'Scheduled', status: 'False', reason: 'ReplicaSchedulingFailure', message: 'insufficient storage' },
    ];
    const lacking = longhorn('Volume', 'pvc-2', { robustness: 'degraded', conditions: unplaced });
    const building = longhorn('Volume', 'pvc-3', { robustness: 'degraded', conditions: [] });
    const second = longhorn('Volume', 'pvc-4', { robustness: 'healthy', state: 'attached' }, { dataEngine: 'v2' });
    const old = longhorn('Volume', 'pvc-5', {
      robustness: 'healthy',
      currentImage: 'longhornio/longhorn-engine:v1.10.2',
    });

    expect(await said(installed, faulted, lacking, building, second, old)).toEqual([
      'volume pvc-1 (claim vms/disk) is faulted: it has no replica that works | kubectl -n longhorn-system get volumes.longhorn.io pvc-1 -o yaml',
      'waits: volume pvc-2 is degraded: insufficient storage | kubectl -n longhorn-system get volumes.longhorn.io pvc-2 -o yaml',
      'waits: volume pvc-3 is degraded: a replica is being built | kubectl -n longhorn-system get volumes.longhorn.io pvc-3 -o yaml',
      'volume pvc-4 is attached, and one of the v2 engine cannot be while Longhorn is upgraded | stop the machine or the pod that uses it',
      'waits: volume pvc-5 still runs engine v1.10.2, Longhorn is v1.11.3 | kubectl -n longhorn-system get settings.longhorn.io concurrent-automatic-engine-upgrade-per-node-limit          above 0 they are raised one after the other',
    ]);
  });

  it('may have any engine when Longhorn itself stays', async () => {
    const old = longhorn('Volume', 'a', { robustness: 'healthy', currentImage: 'longhornio/longhorn-engine:v1.10.2' });

    expect(await said(volumesWell(undefined), old)).toEqual([]);
  });

  it('must have no backing image that has failed', async () => {
    const files = {
      'disk-1': { state: 'ready' },
      'disk-2': { state: 'failed-and-cleanup', message: 'no space left on device' },
    };

    expect(await said(backingImagesWell, longhorn('BackingImage', 'ubuntu', { diskFileStatusMap: files }))).toEqual([
      'backing image ubuntu has failed on a disk: no space left on device | kubectl -n longhorn-system describe backingimages.longhorn.io ubuntu',
    ]);
  });
});

describe('machines and their disks', () => {
  const named = (kind: string, name: string, more: Json): Json => ({
    apiVersion: kind === 'DataVolume' ? 'cdi.kubevirt.io/v1beta1' : 'kubevirt.io/v1',
    kind,
    metadata: { name, namespace: 'vms' },
    ...more,
  });
  const moving = (name: string, phase: string) =>
    named('VirtualMachineInstanceMigration', name, { spec: { vmiName: 'web' }, status: { phase } });
  const filling = (name: string, phase: string) => named('DataVolume', name, { status: { phase, progress: '61.02%' } });

  it('are waited for while one is on its way to another node', async () => {
    expect(
      await said(nothingMigrates, moving('m1', 'Running'), moving('m2', 'Succeeded'), moving('m3', 'Failed')),
    ).toEqual([
      'waits: machine vms/web is on its way to another node | kubectl -n vms get virtualmachineinstancemigration m1 --watch',
    ]);
  });

  it.each(['ImportScheduled', 'ImportInProgress', 'CloneInProgress', 'UploadReady', 'CSICloneInProgress'])(
    'are waited for while a disk is %s',
    async (phase) => {
      expect(await said(nothingImports, filling('root', phase))).toEqual([
        `waits: disk vms/root is being filled: ${phase}, 61.02% | kubectl -n vms get datavolume root --watch`,
      ]);
    },
  );

  it.each(['Succeeded', 'Failed', 'Pending', 'WaitForFirstConsumer', 'PVCBound'])(
    'are not waited for while a disk is %s',
    async (phase) => {
      expect(await said(nothingImports, filling('root', phase))).toEqual([]);
    },
  );

  it('are counted, and it is said what becomes of them', async () => {
    const running = (name: string) => named('VirtualMachineInstance', name, { status: { phase: 'Running' } });
    const stopped = named('VirtualMachineInstance', 'c', { status: { phase: 'Scheduling' } });
    const moves = (workloadUpdateMethods: readonly string[]): Json => ({
      apiVersion: 'kubevirt.io/v1',
      kind: 'KubeVirt',
      metadata: { name: 'kubevirt', namespace: 'kubevirt' },
      spec: { workloadUpdateStrategy: { workloadUpdateMethods } },
    });

    expect(await machinesTold(clusterWith([stopped]))).toEqual(['no machine is running']);
    expect(await machinesTold(clusterWith([running('a'), stopped]))).toEqual([
      '1 machine is running; it keeps running',
    ]);
    expect(await machinesTold(clusterWith([running('a'), running('b'), moves([])]))).toEqual([
      '2 machines are running; they keep running',
    ]);
    expect(await machinesTold(clusterWith([running('a'), moves(['LiveMigrate', 'Evict'])]))).toEqual([
      '1 machine is running; it keeps running during the upgrade, and KubeVirt restarts it afterwards (workloadUpdateMethods: LiveMigrate, Evict)',
    ]);
  });
});
