import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import { type Condition, every, inOrder, met, unmet } from '../verbs/condition.ts';
import { webhookAccepts } from '../verbs/webhook-accepts.ts';
import { daemonSetReady, deploymentAvailable } from '../verbs/workload-ready.ts';
import { ownWebhookReached } from './own-webhook.ts';

export const longhornNamespace = 'longhorn-system';
const driver = 'driver.longhorn.io';
const quiet = 60_000;

/** Everything of Longhorn runs, in the order in which it comes up, and its driver is known to every node. */
export function longhornRuns(site: Site): Condition {
  const sidecars = ['csi-attacher', 'csi-provisioner', 'csi-resizer', 'csi-snapshotter', 'longhorn-ui'];
  return inOrder(
    ownWebhookReached(),
    daemonSetReady(longhornNamespace, 'longhorn-manager'),
    deploymentAvailable(longhornNamespace, 'longhorn-driver-deployer'),
    every(
      daemonSetReady(longhornNamespace, 'longhorn-csi-plugin'),
      ...sidecars.map((name) => deploymentAvailable(longhornNamespace, name)),
    ),
    engineDeployed,
    driverRegistered(site.profile.nodes.map(({ name }) => name)),
    webhookAccepts(sampleJob),
    managerCalm,
  );
}

const engineDeployed: Condition = async (sight) => {
  const images: readonly Json[] = await sight.cluster.list({
    apiVersion: 'longhorn.io/v1beta2',
    kind: 'EngineImage',
    namespace: longhornNamespace,
  });
  const [image] = images;
  if (image === undefined) return unmet('Longhorn has no engine image yet');
  const state = image.status?.state ?? 'unknown';
  if (state === 'deployed') return met(`engine image ${image.spec?.image ?? image.metadata.name} is deployed`);
  return unmet(`engine image ${image.metadata.name} is ${state}, not deployed`);
};

function driverRegistered(nodes: readonly string[]): Condition {
  return async (sight) => {
    const storage = { apiVersion: 'storage.k8s.io/v1' };
    if ((await sight.cluster.get({ ...storage, kind: 'CSIDriver', name: driver })) === undefined)
      return unmet(`CSIDriver ${driver} does not exist yet`);
    for (const name of nodes) {
      const node: Json = await sight.cluster.get({ ...storage, kind: 'CSINode', name });
      const drivers: readonly Json[] = node?.spec?.drivers ?? [];
      if (!drivers.some((one) => one.name === driver)) return unmet(`CSINode ${name} does not list ${driver} yet`);
    }
    return met(`${driver} is registered on ${nodes.join(', ')}`);
  };
}

/** A manager that has just restarted may do so again: it gives its own webhook two minutes at every start. */
const managerCalm: Condition = async (sight) => {
  const pods: readonly Json[] = await sight.cluster.list({
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: longhornNamespace,
    labelSelector: 'app=longhorn-manager',
  });
  for (const pod of pods)
    for (const { name, restartCount, state } of pod.status?.containerStatuses ?? []) {
      const since = sight.now() - Date.parse(state?.running?.startedAt ?? '');
      if (restartCount > 0 && since >= 0 && since < quiet)
        return unmet(`container ${name} of Pod ${longhornNamespace}/${pod.metadata.name} has restarted a moment ago`);
    }
  return met();
};

const sampleJob = {
  apiVersion: 'longhorn.io/v1beta2',
  kind: 'RecurringJob',
  metadata: { name: 'novasphere-trial', namespace: longhornNamespace },
  spec: {
    name: 'novasphere-trial',
    task: 'snapshot',
    cron: '0 0 * * *',
    retain: 1,
    concurrency: 1,
    groups: [],
    labels: {},
  },
};
