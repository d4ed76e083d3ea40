import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { claimsOf } from '../node/claim.ts';
import { attachmentName } from '../node/mount.ts';
import type { WorkQueue } from '../work-queue.ts';
import type { StorageSeen } from './storage-seen.ts';

/** The attach-detach controller, by claim: one VolumeAttachment per node that runs a pod with it, none elsewhere. */
export function attacher(stage: Stage, { claims, volumes, pods }: StorageSeen): WorkQueue {
  const attachments = stage.follow({ path: kindPath('storage.k8s.io/v1', 'VolumeAttachment') });
  const attach = async (volume: KubeObject, driver: string, wanted: ReadonlySet<string>) => {
    for (const node of wanted) await stage.api.ensure(attachment(volume, node, driver));
    const idle = attachments
      .all()
      .filter(({ spec }) => spec.source.persistentVolumeName === volume.metadata.name && !wanted.has(spec.nodeName));
    for (const one of idle) await stage.api.remove(pathOf(one));
  };
  return stage.queue(async (key) => {
    const [namespace, name = ''] = key.split('/');
    const uid = claims.get(name, namespace)?.metadata.uid;
    const users = pods
      .all()
      .filter((pod) => pod.metadata.namespace === namespace && claimsOf(pod).includes(name) && mayRun(pod));
    const nodes = new Set<string>(users.map((pod) => pod['spec'].nodeName));
    for (const volume of volumes.all()) {
      const { claimRef, csi } = volume['spec'];
      if (claimRef?.name !== name || claimRef.namespace !== namespace || csi?.driver === undefined) continue;
      // A volume of an earlier claim of the same name is nobody's any more.
      const isEarlier = uid !== undefined && claimRef.uid !== undefined && claimRef.uid !== uid;
      await attach(volume, csi.driver, isEarlier ? new Set() : nodes);
    }
  });
}

/** Whether containers of the pod may have the volume open: it has a node and has not ended. */
function mayRun(pod: KubeObject): boolean {
  return pod['spec'].nodeName !== undefined && !['Succeeded', 'Failed'].includes(pod['status']?.phase);
}

function attachment(volume: KubeObject, node: string, driver: string): KubeObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name: attachmentName(volume, node) },
    spec: { attacher: driver, nodeName: node, source: { persistentVolumeName: volume.metadata.name } },
  };
}
