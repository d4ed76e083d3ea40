import { Fault } from '#engine/fault';
import { quote } from '#engine/quote';
import { shortened } from '#engine/shortened';
import type { Json } from '#kube/json';
import type { Transport } from '#kube/transport';
import type { KubeconfigFacts } from './kubeconfig-file.ts';

interface Right {
  readonly verb: string;
  readonly group: string;
  /** `pods`, `pods/log`, `*`. */
  readonly resource: string;
}

const everything: Right = { verb: '*', group: '*', resource: '*' };

/** What installing the components takes, for whoever may not do everything: verbs on resources, by API group. */
const needed: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '': {
    get: ['pods/log'],
    list: ['nodes', 'pods', 'events', 'persistentvolumes'],
    create: ['pods', 'persistentvolumeclaims'],
    delete: ['pods', 'persistentvolumeclaims'],
    patch: ['namespaces', 'configmaps', 'secrets', 'services', 'serviceaccounts'],
  },
  apps: { patch: ['deployments', 'daemonsets'], list: ['deployments', 'daemonsets', 'replicasets'] },
  'apiextensions.k8s.io': { patch: ['customresourcedefinitions'] },
  'apiregistration.k8s.io': { list: ['apiservices'] },
  // Whoever grants a right has to have it, or one of these two.
  'rbac.authorization.k8s.io': {
    patch: ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'],
    escalate: ['clusterroles', 'roles'],
    bind: ['clusterroles', 'roles'],
  },
  'admissionregistration.k8s.io': { patch: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'] },
  'scheduling.k8s.io': { patch: ['priorityclasses'] },
  'storage.k8s.io': { patch: ['storageclasses'], list: ['csinodes', 'csidrivers', 'volumeattachments'] },
};

/**
 * Asks the API server, before anything is changed, whether this user may do what the phases need; a Fault CLUSTER-DENIED
 * with every right that is missing. Nothing is stored by asking. `groups` are those of the components' own kinds.
 */
export async function requireRights(
  transport: Transport,
  facts: KubeconfigFacts,
  groups: readonly string[],
): Promise<void> {
  const all = await isAllowed(transport, everything);
  if (all !== 'no') return;
  const rights = [...rightsOf(needed), ...groups.map((group): Right => ({ verb: 'patch', group, resource: '*' }))];
  const answers = await Promise.all(rights.map((right) => isAllowed(transport, right)));
  const missing = rights.filter((_, index) => answers[index] === 'no');
  if (missing.length > 0) throw denied(facts, missing);
}

function rightsOf(table: typeof needed): readonly Right[] {
  return Object.entries(table).flatMap(([group, verbs]) =>
    Object.entries(verbs).flatMap(([verb, resources]) => resources.map((resource) => ({ verb, group, resource }))),
  );
}

/** `unknown` where the server does not say: the phases will find out. */
async function isAllowed(transport: Transport, { verb, group, resource }: Right): Promise<'yes' | 'no' | 'unknown'> {
  const [plural, subresource] = resource.split('/');
  const resourceAttributes = { verb, group, resource: plural, ...(subresource === undefined ? {} : { subresource }) };
  const { status, body } = await transport.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    // A question that has to be posted: the server stores nothing, and its audit log shows that nothing was meant to be.
    query: { dryRun: 'All' },
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } },
  });
  const answer: Json = body;
  if (status >= 300 || answer?.status === undefined) return 'unknown';
  return answer.status.allowed === true ? 'yes' : 'no';
}

const shown = 8;

function denied({ path, context, user }: KubeconfigFacts, missing: readonly Right[]): Fault {
  const lines = missing.map(({ verb, group, resource }) => `${verb} ${resource}${group === '' ? '' : `.${group}`}`);
  return new Fault({
    code: 'CLUSTER-DENIED',
    message: `the user ${user} of the kubeconfig lacks ${missing.length === 1 ? 'a right' : `${missing.length} rights`} that the phases need`,
    cause: 'components bring cluster roles, webhooks and kinds of their own, which only an administrator may install',
    where: [`file ${path}`, `context ${context}`],
    evidence: shortened(
      lines.map((line) => `may not ${line}`),
      shown,
    ),
    remedy: [
      `kubectl --kubeconfig ${quote([path])} auth can-i --list`,
      'use the kubeconfig of an administrator; on a node of k3s it is /etc/rancher/k3s/k3s.yaml',
      'kubectl create clusterrolebinding novasphere --clusterrole cluster-admin --user NAME          by an administrator',
    ],
  });
}
