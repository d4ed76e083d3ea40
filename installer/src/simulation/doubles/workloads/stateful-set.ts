import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { fingerprint } from '../event.ts';
import { isReady, type OwnedPods } from '../owned-pods.ts';
import { writeStatus } from '../status.ts';

const HASH = 'controller-revision-hash';

/** Keeps a StatefulSet's numbered pods with their claims: each after the one before is ready, unless they may come in parallel. */
export async function syncStatefulSet(stage: Stage, pods: OwnedPods, set: KubeObject): Promise<undefined> {
  if (set.metadata.deletionTimestamp !== undefined) return;
  const hash = fingerprint(JSON.stringify(set['spec'].template));
  const wanted: number = set['spec'].replicas ?? 1;
  const parallel = set['spec'].podManagementPolicy === 'Parallel';
  for (let index = 0; index < wanted; index++) {
    const name = `${set.metadata.name}-${index}`;
    const pod = pods.active(set).find((one) => one.metadata.name === name);
    if (pod === undefined && !pods.all(set).some((one) => one.metadata.name === name))
      await give(stage, pods, set, index, hash);
    if (pod !== undefined && pod.metadata.labels?.[HASH] !== hash) await pods.remove(pod);
    if (!parallel && (pod === undefined || !isReady(pod))) break;
  }
  const extra = pods.active(set).filter((one) => Number(one.metadata.name.split('-').at(-1)) >= wanted);
  for (const pod of extra) await pods.remove(pod);
  await report(stage, pods, set, hash);
}

async function give(stage: Stage, pods: OwnedPods, set: KubeObject, index: number, hash: string): Promise<void> {
  const name = `${set.metadata.name}-${index}`;
  const { template, volumeClaimTemplates = [], serviceName } = set['spec'];
  const volumes = [...(template.spec.volumes ?? [])];
  for (const claim of volumeClaimTemplates) {
    const claimName = `${claim.metadata.name}-${name}`;
    const metadata = { ...claim.metadata, name: claimName, namespace: set.metadata.namespace };
    await stage.api.ensure({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: claim.spec });
    volumes.push({ name: claim.metadata.name, persistentVolumeClaim: { claimName } });
  }
  const labels = {
    [HASH]: hash,
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(index),
  };
  await pods.make(set, template, { name, labels, spec: { volumes, hostname: name, subdomain: serviceName } });
}

async function report(stage: Stage, pods: OwnedPods, set: KubeObject, hash: string): Promise<void> {
  const active = pods.active(set);
  const ready = active.filter(isReady).length;
  const updated = active.filter((pod) => pod.metadata.labels?.[HASH] === hash).length;
  await writeStatus(stage, set, {
    observedGeneration: set.metadata.generation,
    replicas: active.length,
    readyReplicas: ready || null,
    availableReplicas: ready,
    currentReplicas: updated || null,
    updatedReplicas: updated || null,
    currentRevision: `${set.metadata.name}-${hash}`,
    updateRevision: `${set.metadata.name}-${hash}`,
  });
}
