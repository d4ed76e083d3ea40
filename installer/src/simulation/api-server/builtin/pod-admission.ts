import type { Json } from '#kube/json';
import type { Core } from '../core.ts';
import { refuse } from '../refusal.ts';
import { fill } from './fill.ts';

const waiting = ['not-ready', 'unreachable'].map((state) => ({
  key: `node.kubernetes.io/${state}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

/** What the ServiceAccount, Priority and DefaultTolerationSeconds plugins add to a new pod. */
export function podAdmission(core: Core, pod: Json): Json {
  const kind = core.registry.of('v1', 'Pod');
  const account: string = pod.spec.serviceAccountName ?? 'default';
  const { namespace, name } = pod.metadata;
  if (kind !== undefined && core.store.get('/serviceaccounts', `${namespace}/${account}`) === undefined) {
    const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
    throw refuse.forbidden(kind, name, why);
  }
  const tolerations: readonly Json[] = pod.spec.tolerations ?? [];
  const missing = waiting.filter(({ key }) => !tolerations.some((one) => tolerates(one, key)));
  const spec = {
    ...fill(pod.spec, { serviceAccountName: account, serviceAccount: account, ...priority(core, pod) }),
    ...(missing.length === 0 ? {} : { tolerations: [...tolerations, ...missing] }),
  };
  return { ...pod, spec };
}

function tolerates(one: Json, key: string): boolean {
  if (one.effect !== undefined && one.effect !== '' && one.effect !== 'NoExecute') return false;
  return one.key === key || (one.operator === 'Exists' && !one.key);
}

const systemClasses: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};

function priority(core: Core, pod: Json): Json {
  const name: string | undefined = pod.spec.priorityClassName;
  if (name === undefined) return { priority: 0, preemptionPolicy: 'PreemptLowerPriority' };
  const known = core.store.get('scheduling.k8s.io/priorityclasses', name);
  const value = known?.['value'] ?? systemClasses[name];
  const kind = core.registry.of('v1', 'Pod');
  if (value === undefined && kind !== undefined) {
    throw refuse.forbidden(kind, pod.metadata.name, `no PriorityClass with name ${name} was found`);
  }
  return { priority: value, preemptionPolicy: known?.['preemptionPolicy'] ?? 'PreemptLowerPriority' };
}

/** The selector and labels by which a Job knows its pods. */
export function jobSelector(job: Json): Json {
  if (job.spec.manualSelector === true) return job;
  const { uid, name } = job.metadata;
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  return { ...job, spec: fill({ ...job.spec, selector }, { template: { metadata: { labels } } }) };
}
