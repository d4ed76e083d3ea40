import type { Json } from '#kube/json';
import { objectName } from '../names.ts';
import { meaningOf } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, plain, rank, type Trouble, unknown } from '../trouble.ts';
import { conditionOf, conditionText, eventsOf, eventText, innermost } from '../words.ts';
import { blamedWebhooks } from './webhook-text.ts';

const patience = 120_000;

/** Certificates and issuers of cert-manager that are not Ready. */
export function certificateTroubles(seen: Survey): readonly Trouble[] {
  const all = [...seen.of('ClusterIssuer'), ...seen.of('Issuer'), ...seen.of('Certificate')];
  return all.flatMap((one) => unready(one, seen) ?? []);
}

function unready(resource: Json, seen: Survey): Trouble | undefined {
  const ready = conditionOf(resource, 'Ready');
  const age = seen.now - Date.parse(resource.metadata.creationTimestamp ?? '');
  if (ready?.status === 'True' || (ready === undefined && age < patience)) return undefined;
  const events = eventsOf(seen, resource);
  const said: string = events.at(-1)?.message ?? ready?.message ?? 'cert-manager has not said anything of it yet';
  const managers = seen
    .of('Pod')
    .filter(({ metadata }) => metadata.namespace === 'cert-manager')
    .map(objectName);
  const object = objectName(resource);
  const about: About = {
    key: object,
    object,
    name: object,
    rank: resource.kind === 'Certificate' ? rank.machine : rank.operator,
    code: 'COMPONENT-FAILED',
    message: `${object} is not Ready`,
    evidence: [
      ...(ready === undefined ? [] : [conditionText(ready, seen.now)]),
      ...events.slice(-2).map((event) => eventText(event, seen.now)),
    ],
    blames: [...issuerOf(resource), ...managers, ...blamedWebhooks(said)],
  };
  return judged(resource, about, said, seen);
}

function judged(resource: Json, about: About, said: string, seen: Survey): Trouble {
  const { namespace, name } = resource.metadata;
  const place = namespace === undefined ? '' : ` -n ${namespace}`;
  const remedies = [
    `kubectl describe ${resource.kind.toLowerCase()} ${name}${place}`,
    'kubectl -n cert-manager logs deployment/cert-manager --tail 30',
  ] as const;
  const fits = meaningOf(said);
  if (fits !== undefined)
    return known(about, fits, { ...(namespace === undefined ? {} : { namespace }), name }, innermost(said));
  const [issuer = ''] = issuerOf(resource);
  const [kind, where = ''] = issuer.split(' ');
  const isThere =
    issuer === '' ||
    seen.of(kind === 'ClusterIssuer' ? 'ClusterIssuer' : 'Issuer').some((one) => objectName(one) === issuer);
  if (!isThere)
    return plain(about, {
      title: `${issuer} missing`,
      because: [`it asks ${kind} ${where} to sign it, which does not exist`],
      remedies,
    });
  return unknown(about, remedies, innermost(said));
}

function issuerOf({ kind, metadata, spec }: Json): readonly string[] {
  if (kind !== 'Certificate') return [];
  const { kind: of = 'Issuer', name } = spec.issuerRef;
  return [of === 'ClusterIssuer' ? `ClusterIssuer ${name}` : `Issuer ${metadata.namespace}/${name}`];
}
