import { createHash } from 'node:crypto';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Machine } from '../../bench.ts';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { claimsOf } from './claim.ts';

/** Why a pod's volumes cannot be set up yet; in the kubelet's words. */
export interface MountProblem {
  readonly reason: 'FailedMount' | 'FailedAttachVolume';
  readonly message: string;
}

export async function mountProblem(stage: Stage, machine: Machine, pod: KubeObject): Promise<MountProblem | undefined> {
  for (const volume of pod['spec'].volumes ?? []) {
    const message = hostProblem(machine, volume) ?? (await missingSource(stage, pod, volume));
    if (message !== undefined)
      return { reason: 'FailedMount', message: `MountVolume.SetUp failed for volume "${volume.name}" : ${message}` };
  }
  for (const claim of claimsOf(pod)) {
    const problem = await claimTrouble(stage, pod, claim);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** What keeps a container from being made because its environment names something that is not there. */
export async function environmentProblem(stage: Stage, pod: KubeObject, container: Json): Promise<string | undefined> {
  const sources = (container.env ?? []).map((one: Json) => one.valueFrom ?? {});
  for (const source of [...sources, ...(container.envFrom ?? [])]) {
    const secret = source.secretKeyRef ?? source.secretRef;
    const config = source.configMapKeyRef ?? source.configMapRef;
    const message = (await missing(stage, pod, 'Secret', secret)) ?? (await missing(stage, pod, 'ConfigMap', config));
    if (message !== undefined) return message;
  }
  return undefined;
}

const DEVICES: Readonly<Record<string, string>> = { CharDevice: 'character device', BlockDevice: 'block device' };

function hostProblem(machine: Machine, volume: Json): string | undefined {
  const { path, type } = volume.hostPath ?? {};
  const kind = DEVICES[type ?? ''];
  if (kind !== undefined && !machine.hasDevice(path)) return `hostPath type check failed: ${path} is not a ${kind}`;
  return undefined;
}

async function missingSource(stage: Stage, pod: KubeObject, volume: Json): Promise<string | undefined> {
  const sources = [volume, ...(volume.projected?.sources ?? [])];
  for (const source of sources) {
    const secret = source.secret && {
      name: source.secret.secretName ?? source.secret.name,
      optional: source.secret.optional,
    };
    const message =
      (await missing(stage, pod, 'Secret', secret)) ?? (await missing(stage, pod, 'ConfigMap', source.configMap));
    if (message !== undefined) return message;
  }
  return undefined;
}

async function missing(stage: Stage, pod: KubeObject, kind: string, wanted: Json): Promise<string | undefined> {
  if (wanted === undefined || wanted.optional === true) return undefined;
  const found = await stage.api.get(`${kindPath('v1', kind, pod.metadata.namespace)}/${wanted.name}`);
  return found === undefined ? `${kind.toLowerCase()} "${wanted.name}" not found` : undefined;
}

async function claimTrouble(stage: Stage, pod: KubeObject, name: string): Promise<MountProblem | undefined> {
  const claim = await stage.api.get(`${kindPath('v1', 'PersistentVolumeClaim', pod.metadata.namespace)}/${name}`);
  const volumeName: string | undefined = claim?.['spec'].volumeName;
  if (volumeName === undefined || claim?.['status']?.phase !== 'Bound') {
    return { reason: 'FailedMount', message: `persistentvolumeclaim "${name}" is not bound` };
  }
  const volume = await stage.api.get(`/api/v1/persistentvolumes/${volumeName}`);
  const driver: string | undefined = volume?.['spec'].csi?.driver;
  if (driver === undefined) return undefined;
  const attachment = await stage.api.get(
    `/apis/storage.k8s.io/v1/volumeattachments/${attachmentName(volume, pod['spec'].nodeName)}`,
  );
  if (attachment?.['status']?.attached === true) return undefined;
  const why = attachment?.['status']?.attachError?.message ?? 'volume attachment is being processed';
  return { reason: 'FailedAttachVolume', message: `AttachVolume.Attach failed for volume "${volumeName}" : ${why}` };
}

/** The VolumeAttachment of a CSI volume on a node (pkg/volume/csi/csi_attacher.go, getAttachmentName). */
export function attachmentName(volume: Json, node: string): string {
  const { volumeHandle, driver } = volume.spec.csi;
  return `csi-${createHash('sha256').update(`${volumeHandle}${driver}${node}`).digest('hex')}`;
}
