import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { type Condition, met, type Seen, unmet } from '../verbs/condition.ts';
import { Persistence } from '../verbs/persistence.ts';
import { podTrouble } from '../verbs/pod-trouble.ts';
import { machineName, sampleName, sampleNamespace } from './sample-objects.ts';

const inNamespace = { namespace: sampleNamespace };

/** Every disk is bound and, where it comes from an image, filled. */
export function disksReady(): Condition {
  const troubleOf = troubles(({ metadata }) => metadata.name.startsWith('importer-'));
  return async (sight) => {
    const wukong: Json = await wukongOf(sight);
    if (wukong === undefined) return unmet(`Wukong ${sampleName} does not exist yet`);
    const volumes: readonly Json[] = wukong.status?.volumes ?? [];
    if (volumes.length === 0) return unmet('the Wukong operator has not looked at the sample VM yet');
    const open = volumes.find(({ bound, phase }) => bound !== true || (phase !== undefined && phase !== 'Succeeded'));
    if (open === undefined) return met(`${volumes.length} disks are bound, the boot disk is filled`);
    const trouble = await troubleOf(sight);
    const progress = open.progress === undefined ? '' : `, ${open.progress}`;
    const state = open.bound === true ? `${open.phase ?? 'not filled'}${progress}` : 'not bound';
    return trouble ?? unmet(`disk ${open.name} of the sample VM is ${state}${said(wukong)}`);
  };
}

/** The machine has an instance, and the instance a node. */
export function scheduled(): Condition {
  const troubleOf = troubles(isLauncher);
  return async (sight) => {
    const found = await instanceOf(sight);
    if (found === undefined) return unmet(`the sample VM has no instance yet${said(await wukongOf(sight))}`);
    const node = found.status?.nodeName ?? found.metadata.labels?.['kubevirt.io/nodeName'];
    if (node !== undefined) return met(`the sample VM was scheduled to ${node}`);
    const trouble = await troubleOf(sight);
    return trouble ?? unmet(`the sample VM is ${found.status?.phase ?? 'not seen by KubeVirt yet'}`);
  };
}

export function launcherRuns(): Condition {
  const troubleOf = troubles(isLauncher);
  return async (sight) => {
    const pod = await launcherOf(sight);
    if (pod === undefined) return unmet('the sample VM has no launcher pod yet');
    if (pod['status']?.phase === 'Running') return met(`Pod ${pod.metadata.name} runs`);
    const trouble = await troubleOf(sight);
    return trouble ?? unmet(`Pod ${pod.metadata.name} is ${pod['status']?.phase ?? 'being made'}`);
  };
}

export const instanceRuns: Condition = async (sight) => {
  const found = await instanceOf(sight);
  const { phase = 'not there', conditions = [] } = found?.status ?? {};
  if (phase !== 'Running') return unmet(`the sample VM is ${phase}`);
  const ready = conditions.find((one: Json) => one.type === 'Ready');
  if (ready?.status === 'True') return met('the sample VM is Running and Ready');
  return unmet(`the sample VM is Running, but not Ready: ${ready?.message ?? ready?.reason ?? 'not said why'}`);
};

/** The address that the operator shows is the one that KubeVirt sees. */
export const addressKnown: Condition = async (sight) => {
  const address = await addressOf(sight);
  if (address === undefined) return unmet('KubeVirt sees no address of the sample VM yet', { blame: unaddressed });
  const shown = (await wukongOf(sight))?.status?.networks?.[0]?.ipAddress;
  return shown === address ? met(`it has the address ${address}`) : unmet(`the Wukong shows no address ${address} yet`);
};

const unaddressed = new Fault({
  code: 'NETWORK-BROKEN',
  message: 'the sample VM has booted, but KubeVirt sees no address of it',
  cause: 'virt-handler takes the address of its launcher pod, and has found none in its network',
  where: [`object VirtualMachineInstance ${sampleNamespace}/${machineName}`],
  remedy: [
    `kubectl -n ${sampleNamespace} get pods -o wide          whether its launcher has an address`,
    'kubectl -n kubevirt logs -l kubevirt.io=virt-handler --tail 50',
  ],
});

export async function addressOf(sight: Sight): Promise<string | undefined> {
  return (await instanceOf(sight))?.status?.interfaces?.[0]?.ipAddress;
}

/** The launcher pod of the instance that is there now; that of the one before may still be ending. */
export async function launcherOf(sight: Sight): Promise<KubeObject | undefined> {
  const uid = (await instanceOf(sight))?.metadata.uid;
  const labelSelector = `kubevirt.io=virt-launcher,kubevirt.io/created-by=${uid}`;
  const pods = await sight.cluster.list({ apiVersion: 'v1', kind: 'Pod', ...inNamespace, labelSelector });
  return pods.find(({ metadata }) => metadata.deletionTimestamp === undefined);
}

const wukongRef = { apiVersion: 'vm.novasphere.dev/v1alpha1', kind: 'Wukong', ...inNamespace, name: sampleName };

function wukongOf(sight: Sight): Promise<Json> {
  return sight.cluster.get(wukongRef);
}

function instanceOf(sight: Sight): Promise<Json> {
  const kind = 'VirtualMachineInstance';
  return sight.cluster.get({ apiVersion: 'kubevirt.io/v1', kind, ...inNamespace, name: machineName });
}

function isLauncher({ metadata }: KubeObject): boolean {
  return metadata.labels?.['kubevirt.io'] === 'virt-launcher';
}

/** What the operator says of itself why a Wukong is not Ready. */
function said(wukong: Json): string {
  const ready = (wukong?.status?.conditions ?? []).find((one: Json) => one.type === 'Ready' && one.status !== 'True');
  return ready?.message ? `: ${ready.message}` : '';
}

/** Digs into the pods of the sample VM's namespace; remembers since when something has been wrong. */
function troubles(which: (pod: KubeObject) => boolean): (sight: Sight) => Promise<Seen | undefined> {
  const lasting = new Persistence();
  return async (sight) => {
    const pods = await sight.cluster.list({ apiVersion: 'v1', kind: 'Pod', ...inNamespace });
    for (const pod of pods.filter(which)) {
      const trouble = await podTrouble(pod, sight, lasting);
      if (trouble !== undefined) return unmet(trouble.because, trouble);
    }
    return undefined;
  };
}
