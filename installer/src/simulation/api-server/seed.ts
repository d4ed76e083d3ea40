import type { Json } from '#kube/json';
import { commit } from './commit.ts';
import type { Core } from './core.ts';
import { finished, stamped } from './finish.ts';

const namespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** What every API server makes by itself at its first start. */
export function seed(core: Core): void {
  for (const name of namespaces) make(core, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  make(core, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { component: 'apiserver', provider: 'kubernetes' },
    },
    spec: { clusterIP: '10.43.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
  });
  for (const [name, value] of [
    ['system-node-critical', 2_000_001_000],
    ['system-cluster-critical', 2_000_000_000],
  ] as const) {
    make(core, { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value });
  }
}

function make(core: Core, object: Json): void {
  const kind = core.registry.of(object.apiVersion, object.kind);
  if (kind === undefined) throw new Error(`the API server seeds an unknown kind ${object.kind}`);
  const { name, namespace } = object.metadata;
  const intent = {
    kind,
    name,
    namespace,
    dryRun: false,
    force: false,
    manager: 'kube-apiserver',
    mode: 'create',
  } as const;
  commit(core, intent, undefined, finished(core, intent, stamped(core, intent, object, undefined), undefined));
}
