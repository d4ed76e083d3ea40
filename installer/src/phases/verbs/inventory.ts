import type { ComponentName } from '#catalog/catalog';
import type { ClusterSight, KubeObject, ObjectRef } from '#ports/cluster';
import { componentLabel } from './labelled.ts';
import { trialNamespace } from './trial-namespace.ts';

/** The label of every inventory; its value is the id of the step with a dot for the slash. */
const inventoryLabel = 'novasphere.dev/inventory';

/** Where a step keeps what it has applied. */
export function inventoryRef(step: string): ObjectRef {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: trialNamespace,
    name: `inventory-${step.replace('/', '-')}`,
  };
}

/** What a step has applied so far, by this release and earlier ones; undefined before it ever did. */
export async function readInventory(cluster: ClusterSight, step: string): Promise<readonly ObjectRef[] | undefined> {
  const map = await cluster.get(inventoryRef(step));
  return map === undefined ? undefined : refsIn(map);
}

/** What other steps have applied: an object may move from one step to another. */
export async function othersInventory(cluster: ClusterSight, step: string): Promise<readonly ObjectRef[]> {
  const { apiVersion, kind, namespace, name } = inventoryRef(step);
  const place = namespace === undefined ? {} : { namespace };
  const maps = await cluster.list({ apiVersion, kind, ...place, labelSelector: inventoryLabel });
  return maps.filter(({ metadata }) => metadata.name !== name).flatMap(refsIn);
}

/** The record of what a step has applied, as an object of the cluster: one line each. */
export function inventoryOf(step: string, component: ComponentName, refs: readonly ObjectRef[]): KubeObject {
  const { apiVersion, kind, namespace, name } = inventoryRef(step);
  const labels = {
    'app.kubernetes.io/managed-by': 'novasphere-installer',
    [componentLabel]: component,
    [inventoryLabel]: step.replace('/', '.'),
  };
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), labels },
    data: { step, objects: `${[...new Set(refs.map(lineOf))].toSorted().join('\n')}\n` },
  };
}

/** What makes two mentions the same object: its version may change. */
export function identityOf({ apiVersion, kind, namespace = '', name }: ObjectRef): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return `${group} ${kind} ${namespace}/${name}`;
}

function lineOf({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return `${apiVersion} ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function refsIn({ data }: KubeObject): readonly ObjectRef[] {
  const lines = String(data?.objects ?? '').split('\n');
  return lines.flatMap((line) => {
    const [, apiVersion, kind, namespace, name] = /^(\S+) (\S+) (?:([^/\s]+)\/)?(\S+)$/.exec(line) ?? [];
    if (apiVersion === undefined || kind === undefined || name === undefined) return [];
    return [{ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }];
  });
}
