import { meaningOf } from '../signatures.ts';
import { known, plain, rank, type Trouble } from '../trouble.ts';
import { innermost } from '../words.ts';

const calling = /failed calling webhook "([^"]+)"/;
const posted = /Post "https:\/\/([^./"]+)\.([^./"]+)\.svc/;
const missing = /service "([^"]+)" not found/;

/** The key of the webhook that a text complains of; none when it answered and said no. */
export function blamedWebhooks(text: string): readonly string[] {
  const service = serviceIn(text);
  return service === undefined ? [] : [`webhook ${service.namespace}/${service.name}`];
}

function serviceIn(text: string): { readonly namespace: string; readonly name: string } | undefined {
  if (!calling.test(text) || /denied the request/.test(text)) return undefined;
  const [, name, namespace] = posted.exec(text) ?? [];
  return name === undefined || namespace === undefined ? undefined : { namespace, name };
}

/** What people call the webhook behind a Service. */
export function webhookName(namespace: string, service: string): string {
  const names: Readonly<Record<string, string>> = {
    'longhorn-system': 'Longhorn webhook',
    'cert-manager': 'cert-manager webhook',
    kubevirt: 'KubeVirt webhook',
    cdi: 'CDI webhook',
    'novasphere-system': 'Wukong webhook',
  };
  return names[namespace] ?? `webhook ${namespace}/${service}`;
}

/** The webhook that a text complains of, as a trouble of its own: its pods are ready, and still it does not answer. */
export function silentIn(text: string): Trouble | undefined {
  const service = serviceIn(text);
  if (service === undefined) return undefined;
  const { namespace, name } = service;
  const [, webhook = name] = calling.exec(text) ?? [];
  const about = {
    key: `webhook ${namespace}/${name}`,
    object: `Service ${namespace}/${name}`,
    name: webhookName(namespace, name),
    rank: rank.service,
    code: 'CLUSTER-WEBHOOK' as const,
    message: `the admission webhook ${webhook} does not answer, though its pods are ready`,
  };
  const fits = meaningOf(text);
  const said = missing.test(text) ? `service "${name}" not found` : innermost(text);
  if (fits !== undefined) return known(about, fits, { namespace, name }, said);
  const remedies = [`kubectl -n ${namespace} get pods,endpointslices`] as const;
  return plain(about, { title: `${about.name} silent`, because: [said], remedies });
}
