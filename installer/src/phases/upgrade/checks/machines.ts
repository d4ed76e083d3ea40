import type { Json } from '#kube/json';
import type { ClusterSight } from '#ports/cluster';
import type { Look } from './problem.ts';

const kubevirt = 'kubevirt.io/v1';
const ended = ['Succeeded', 'Failed'];

/** No machine is on its way to another node: what moves it is replaced by the upgrade. */
export const nothingMigrates: Look = async ({ cluster }) => {
  const moves: readonly Json[] = await cluster.list({ apiVersion: kubevirt, kind: 'VirtualMachineInstanceMigration' });
  return moves
    .filter(({ status }) => !ended.includes(status?.phase))
    .map(({ metadata: { namespace, name }, spec }) => ({
      sentence: `machine ${namespace}/${spec?.vmiName} is on its way to another node`,
      remedy: `kubectl -n ${namespace} get virtualmachineinstancemigration ${name} --watch`,
      passing: true,
    }));
};

const filling =
  /^(Import|Clone|Upload|SnapshotForSmartClone|CSIClone|Rebind|Expansion|NamespaceTransfer|PrepClaim).*(Scheduled|InProgress|Ready)$/;

/** No disk is being filled: the pods that do it end with the CDI that started them. */
export const nothingImports: Look = async ({ cluster }) => {
  const disks: readonly Json[] = await cluster.list({ apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume' });
  return disks
    .filter(({ status }) => filling.test(status?.phase ?? ''))
    .map(({ metadata: { namespace, name }, status }) => ({
      sentence: `disk ${namespace}/${name} is being filled: ${status.phase}${status.progress ? `, ${status.progress}` : ''}`,
      remedy: `kubectl -n ${namespace} get datavolume ${name} --watch`,
      passing: true,
    }));
};

/** What happens to the machines, in a sentence. */
export async function machinesTold(cluster: ClusterSight): Promise<readonly string[]> {
  const all: readonly Json[] = await cluster.list({ apiVersion: kubevirt, kind: 'VirtualMachineInstance' });
  const running = all.filter(({ status }) => status?.phase === 'Running').length;
  if (running === 0) return ['no machine is running'];
  const who = running === 1 ? '1 machine is running' : `${running} machines are running`;
  const [they, them] = running === 1 ? ['it keeps', 'it'] : ['they keep', 'them'];
  const ref = { apiVersion: kubevirt, kind: 'KubeVirt', namespace: 'kubevirt', name: 'kubevirt' };
  const methods: readonly string[] =
    ((await cluster.get(ref)) as Json)?.spec?.workloadUpdateStrategy?.workloadUpdateMethods ?? [];
  if (methods.length === 0) return [`${who}; ${they} running`];
  const does = methods.includes('Evict') ? 'restarts' : 'moves';
  return [
    `${who}; ${they} running during the upgrade, and KubeVirt ${does} ${them} afterwards (workloadUpdateMethods: ${methods.join(', ')})`,
  ];
}
