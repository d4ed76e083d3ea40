import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { type Provisioned, provision } from '../provision.ts';

/** The local-path provisioner: a folder on the chosen node for each claim. */
export async function localPath(stage: Stage): Promise<void> {
  provision(stage, {
    driver: 'rancher.io/local-path',
    runsAs: { namespace: 'kube-system', deployment: 'local-path-provisioner' },
    seconds: 4,
    make: async (claim) => folderFor(claim),
    drop: async () => undefined,
  });
}

function folderFor(claim: KubeObject): Provisioned {
  const node = claim.metadata.annotations?.['volume.kubernetes.io/selected-node'] ?? '';
  const path = `/var/lib/rancher/k3s/storage/pvc-${claim.metadata.uid}_${claim.metadata.namespace}_${claim.metadata.name}`;
  const requirement = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] };
  return {
    hostPath: { path, type: 'DirectoryOrCreate' },
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [requirement] }] } },
  };
}
