import type { Json } from '#kube/json';
import { objectName } from '../names.ts';
import type { Signature } from '../signatures/signature.ts';
import { meaningOf, signature } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, plain, rank, type Trouble } from '../trouble.ts';
import { conditionOf, conditionText, innermost } from '../words.ts';
import { webhookName } from './webhook-text.ts';

interface Entry {
  readonly configuration: Json;
  readonly webhook: Json;
}

/** Admission webhooks and aggregated APIs behind which nothing answers. */
export function webhookTroubles(seen: Survey): readonly Trouble[] {
  const all = [...seen.of('ValidatingWebhookConfiguration'), ...seen.of('MutatingWebhookConfiguration')];
  const entries = all.flatMap((configuration): readonly Entry[] =>
    (configuration.webhooks ?? [])
      .filter(({ clientConfig }: Json) => clientConfig.service !== undefined)
      .map((webhook: Json) => ({ configuration, webhook })),
  );
  const byService = Map.groupBy(entries, ({ webhook }) => keyOf(webhook.clientConfig.service));
  const hooks = [...byService.values()].flatMap((some) => hook(some, seen) ?? []);
  return [...hooks, ...seen.of('APIService').flatMap((one) => silentApi(one, seen) ?? [])];
}

function keyOf({ namespace, name }: Json): string {
  return `webhook ${namespace}/${name}`;
}

function hook(entries: readonly Entry[], seen: Survey): Trouble | undefined {
  const [first] = entries;
  if (first === undefined) return undefined;
  const { namespace, name } = first.webhook.clientConfig.service;
  const configurations = [...new Set(entries.map(({ configuration }) => objectName(configuration)))];
  const about: About = {
    key: keyOf({ namespace, name }),
    object: configurations[0] ?? '',
    name: webhookName(namespace, name),
    rank: rank.service,
    code: 'CLUSTER-WEBHOOK',
    message: '',
    evidence: configurations.length > 1 ? [`also named by ${configurations.slice(1).join(', ')}`] : [],
  };
  const service = find(seen, 'Service', namespace, name);
  const place = { namespace, name };
  if (service === undefined) {
    const message = `${configurations[0]} sends requests to the Service ${namespace}/${name}, which does not exist`;
    return known({ ...about, message }, rowFor(namespace), place, `service "${name}" not found`);
  }
  if (!isAnswered(service, seen)) return unanswered(about, service, seen);
  const bare = entries.find(
    ({ configuration, webhook }) => isInjected(configuration) && !webhook.clientConfig.caBundle,
  );
  if (bare === undefined) return undefined;
  const message = `${objectName(bare.configuration)} has no certificate to know its webhook by`;
  const blames = seen.of('Pod').filter(isInjector).map(objectName);
  return known({ ...about, message, blames }, signature(56), place);
}

function rowFor(namespace: string): Signature {
  return signature(namespace === 'longhorn-system' ? 46 : 57);
}

function isInjected({ metadata }: Json): boolean {
  return Object.keys(metadata.annotations ?? {}).some((key) => key.startsWith('cert-manager.io/inject-'));
}

function isInjector({ metadata }: Json): boolean {
  return metadata.labels?.['app.kubernetes.io/component'] === 'cainjector';
}

function unanswered(about: About, service: Json, seen: Survey): Trouble {
  const { namespace, name } = service.metadata;
  const message = `nothing answers the ${about.name}: the Service ${namespace}/${name} has no ready endpoint`;
  const blames = behind(service, seen);
  return known({ ...about, message, blames }, signature(57), { namespace, name });
}

/** Whatever should answer behind a Service: its pods, and the workloads that would make them. */
function behind(service: Json, seen: Survey): readonly string[] {
  const { namespace } = service.metadata;
  const selector: Readonly<Record<string, string>> = service.spec.selector ?? {};
  const fits = (labels: Json) => Object.entries(selector).every(([key, value]) => labels?.[key] === value);
  if (Object.keys(selector).length === 0) return [];
  const pods = seen.of('Pod').filter(({ metadata }) => metadata.namespace === namespace && fits(metadata.labels));
  const workloads = [...seen.of('Deployment'), ...seen.of('DaemonSet')].filter(
    ({ metadata, spec }) => metadata.namespace === namespace && fits(spec.template.metadata?.labels),
  );
  return [...pods, ...workloads].map(objectName);
}

function isAnswered({ metadata }: Json, seen: Survey): boolean {
  const slices = seen
    .of('EndpointSlice')
    .filter(
      (one) =>
        one.metadata.namespace === metadata.namespace &&
        one.metadata.labels?.['kubernetes.io/service-name'] === metadata.name,
    );
  return slices.some(({ endpoints }) => (endpoints ?? []).some(({ conditions }: Json) => conditions?.ready !== false));
}

function find(seen: Survey, kind: 'Service', namespace: string, name: string): Json {
  return seen.of(kind).find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
}

function silentApi(api: Json, seen: Survey): Trouble | undefined {
  const condition = conditionOf(api, 'Available');
  if (api.spec.service === undefined || condition === undefined || condition.status === 'True') return undefined;
  const { namespace, name } = api.spec.service;
  const service = find(seen, 'Service', namespace, name);
  const about: About = {
    key: objectName(api),
    object: objectName(api),
    name: `API ${api.metadata.name}`,
    rank: rank.service,
    code: 'COMPONENT-FAILED',
    message: `the API ${api.metadata.name} does not answer`,
    evidence: [conditionText(condition, seen.now)],
    blames: service === undefined ? [] : behind(service, seen),
  };
  const said: string = condition.message ?? '';
  const fits = meaningOf(said);
  if (fits !== undefined) return known(about, fits, { namespace, name }, innermost(said));
  const remedies = [
    `kubectl -n ${namespace} get service,endpointslices,pods`,
    `kubectl describe apiservice ${api.metadata.name}`,
  ] as const;
  return plain(about, { title: `${about.name} silent`, because: [innermost(said)], remedies });
}
