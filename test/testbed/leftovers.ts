import type { Json } from '#kube/json';
import type { Transport } from '#kube/transport';

/** Kinds that come and go by themselves. */
const fleeting = new Set(['Event', 'Lease', 'EndpointSlice', 'PodMetrics']);

/**
 * Whatever there is of any kind that bears the product's name: all that lies in its namespaces, what is called after
 * it, and volumes of its claims. `Kind namespace/name`, sorted; what is on its way out counts too.
 */
export async function ours(transport: Transport): Promise<readonly string[]> {
  const found = await Promise.all(
    (await lists(transport)).map(async ([kind, path]) => named(kind, await itemsOf(transport, path))),
  );
  return found.flat().toSorted();
}

async function lists(transport: Transport): Promise<readonly (readonly [kind: string, path: string])[]> {
  const { groups } = await read(transport, '/apis');
  const paths = ['/api/v1', ...groups.map(({ preferredVersion }: Json) => `/apis/${preferredVersion.groupVersion}`)];
  const found = await Promise.all(paths.map(async (path) => [path, await read(transport, path)] as const));
  return found.flatMap(([path, { resources = [] }]) =>
    resources
      .filter(({ name, kind, verbs }: Json) => !name.includes('/') && verbs.includes('list') && !fleeting.has(kind))
      .map(({ name, kind }: Json) => [kind, `${path}/${name}`]),
  );
}

async function itemsOf(transport: Transport, path: string): Promise<readonly Json[]> {
  return (await read(transport, path)).items ?? [];
}

async function read(transport: Transport, path: string): Promise<Json> {
  const { body } = await transport.request({ method: 'GET', path });
  return typeof body === 'object' ? body : {};
}

function named(kind: string, items: readonly Json[]): readonly string[] {
  return items
    .filter(({ metadata, spec }) =>
      [metadata.namespace, metadata.name, spec?.claimRef?.namespace].some((name) => name?.startsWith('novasphere-')),
    )
    .map(
      ({ metadata }) => `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`,
    );
}
