import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import { nameOf } from '../../verbs/object-name.ts';

/** The end of patience with an object that does not go: what holds it is nobody of ours. */
export function stuck(object: KubeObject, why?: string): Fault {
  const api = silentApi(object);
  const about = {
    code: 'DELETION-STUCK',
    message: `${nameOf(object)} was deleted and does not go`,
    where: [`object ${nameOf(object)}`],
    evidence: conditionsOf(object),
  } as const;
  if (api !== undefined) return new Fault({ ...about, ...ofSilentApi(api) });
  const cause = why ?? causeOf(object);
  return new Fault({
    ...about,
    ...(cause === undefined ? {} : { cause }),
    remedy: [
      `${lookAt(object)} -o yaml          who holds it`,
      'end or repair whoever that is, then run the same command again',
    ],
  });
}

/** A component that says no to its own removal while somebody uses it. Anything else stays the fault that it is. */
export function refused(error: unknown, object: KubeObject): unknown {
  if (!(error instanceof Fault) || error.code !== 'CLUSTER-REFUSED') return error;
  const said = error.record().because.join(' ');
  if (!said.includes('Rejecting the uninstall request')) return error;
  return new Fault({
    code: 'CONSENT-MISSING',
    message: `${object.kind} does not let itself be removed: something that it runs was made meanwhile`,
    cause: said,
    where: [`object ${nameOf(object)}`],
    remedy: ['novasphere reset PROFILE          lists what is there now, and wants it named'],
  });
}

/** A namespace is looked into. */
function lookAt(object: Json): string {
  const { kind, metadata } = object;
  const where = metadata.namespace === undefined ? '' : ` --namespace ${metadata.namespace}`;
  if (kind !== 'Namespace') return `kubectl get ${kind.toLowerCase()} ${metadata.name}${where}`;
  const remaining = conditionsOf(object).find((one) => one.startsWith('NamespaceContentRemaining')) ?? '';
  const named = [...remaining.matchAll(/(\S+?)\.? has \d+ resource instances/g)].map(([, name]) => name);
  return `kubectl get ${named.join(',') || 'all'} --namespace ${metadata.name}`;
}

/** Until every API answers, nobody can know that a namespace is empty. */
function ofSilentApi(api: string): { cause: string; remedy: [string, ...string[]] } {
  const [group, version] = api.split('/');
  return {
    cause: `the API ${api} does not answer, so that nobody knows whether the namespace is empty`,
    remedy: [
      `kubectl get apiservice ${version}.${group}          who should answer, and why not`,
      'repair it, or delete that APIService, then run the same command again',
    ],
  };
}

function silentApi(object: KubeObject): string | undefined {
  const message = conditionsOf(object).find((one) => one.startsWith('NamespaceDeletionDiscoveryFailure'));
  return message === undefined ? undefined : /([\w.-]+\/v\w+): stale GroupVersion/.exec(message)?.[1];
}

function causeOf(object: KubeObject): string | undefined {
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.length > 0) return `its finalizer ${finalizers.join(', ')} is none that Novasphere may take off`;
  if (object.kind !== 'Namespace') return undefined;
  const held = conditionsOf(object).find((one) => one.startsWith('NamespaceFinalizersRemaining')) ?? '';
  const names = [...held.matchAll(/(\S+) in \d+ resource instances/g)].map(([, name]) => name);
  return names.length === 0
    ? 'something in it does not go'
    : `in it the finalizer ${names.join(', ')} is none that Novasphere may take off`;
}

function conditionsOf(object: Json): readonly string[] {
  const conditions: readonly Json[] = object.status?.conditions ?? [];
  return conditions
    .filter(({ type, status }) => /^(Namespace|Terminating)/.test(type) && status === 'True')
    .map(({ type, message }) => `${type}: ${message}`);
}
