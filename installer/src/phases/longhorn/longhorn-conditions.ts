import type { Component } from '#catalog/catalog';
import { Fault } from '#engine/fault';
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
    versionTaken(site.catalog.components.longhorn.version),
    engineDeployed(site.catalog.components.longhorn),
    driverRegistered(site.profile.nodes.map(({ name }) => name)),
    webhookAccepts(sampleJob),
    managerCalm,
  );
}

/** The manager writes its version down once it has taken over what the one before it has left. */
function versionTaken(version: string): Condition {
  const name = 'current-longhorn-version';
  return async (sight) => {
    const ref = { apiVersion: 'longhorn.io/v1beta2', kind: 'Setting', namespace: longhornNamespace, name };
    const told: string | undefined = ((await sight.cluster.get(ref)) as Json)?.value;
    return told === version ? met() : unmet(`Longhorn says that it is ${told || 'no version'}, not ${version} yet`);
  };
}

/** New volumes take the engine of this release; those of the release before may still have another. */
function engineDeployed({ images: shipped }: Component): Condition {
  const wanted = shipped.find(({ reference }) => /\/longhorn-engine:/.test(reference))?.reference;
  const onNodes = new Map<string, Condition>();
  return async (sight) => {
    const images: readonly Json[] = await sight.cluster.list({
      apiVersion: 'longhorn.io/v1beta2',
      kind: 'EngineImage',
      namespace: longhornNamespace,
    });
    const image = images.find(({ spec }) => sameImage(spec?.image, wanted));
    if (image === undefined) return unmet('Longhorn has no engine image yet');
    const state = image.status?.state ?? 'unknown';
    if (state === 'deployed') return met(`engine image ${image.spec.image} is deployed`);
    const { name } = image.metadata;
    const onEach = onNodes.get(name) ?? daemonSetReady(longhornNamespace, `engine-image-${name}`);
    onNodes.set(name, onEach);
    const because = `engine image ${name} is ${state}, not deployed`;
    const seen = await onEach(sight);
    return seen.ready ? unmet(because) : { ...seen, because: `${because}: ${seen.because}` };
  };
}

/** The manifest leaves out the registry that the catalog names. */
function sameImage(one: string | undefined, other: string | undefined): boolean {
  const bare = (image: string | undefined) => image?.replace(/^docker\.io\//, '');
  return one !== undefined && bare(one) === bare(other);
}

function driverRegistered(nodes: readonly string[]): Condition {
  return async (sight) => {
    const storage = { apiVersion: 'storage.k8s.io/v1' };
    if ((await sight.cluster.get({ ...storage, kind: 'CSIDriver', name: driver })) === undefined)
      return unmet(`CSIDriver ${driver} does not exist yet`);
    for (const name of nodes) {
      const node: Json = await sight.cluster.get({ ...storage, kind: 'CSINode', name });
      const drivers: readonly Json[] = node?.spec?.drivers ?? [];
      if (!drivers.some((one) => one.name === driver))
        return unmet(`CSINode ${name} does not list ${driver} yet`, { blame: unregistered(name) });
    }
    return met(`${driver} is registered on ${nodes.join(', ')}`);
  };
}

function unregistered(node: string): Fault {
  return new Fault({
    code: 'COMPONENT-FAILED',
    message: `the storage driver of Longhorn is not registered on ${node}, so no pod there gets a volume`,
    cause: 'its registrar has not made it known to the kubelet, or the kubelet looks in another directory',
    where: [`object CSINode ${node}`],
    remedy: [
      `kubectl -n ${longhornNamespace} logs -l app=longhorn-csi-plugin -c node-driver-registrar --tail 20`,
      `ls /var/lib/kubelet/plugins_registry          on ${node}: is ${driver}-reg.sock there?`,
      `kubectl -n ${longhornNamespace} rollout restart daemonset longhorn-csi-plugin          registers it anew`,
    ],
  });
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
