import type { Json } from '#kube/json';
import { objectName } from '../names.ts';
import type { Place } from '../signatures/signature.ts';
import { meaningOf } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, plain, rank, type Trouble, unknown } from '../trouble.ts';
import { eventText, innermost, sentenceOf } from '../words.ts';
import { claimsIn } from './claims-of-pod.ts';

/** A pod whose volume is not attached or not mounted: a thing that is not there, or storage that does not work. */
export function withoutVolume(pod: Json, event: Json, about: About, seen: Survey): Trouble {
  const { namespace, name } = pod.metadata;
  const said = innermost(event.message);
  const told: About = {
    ...about,
    message: `${about.object} waits for a volume`,
    evidence: [eventText(event, seen.now)],
  };
  const missing = missingIn(said, namespace);
  if (missing !== undefined)
    return plain(told, {
      title: `${missing.title} missing`,
      because: [said],
      remedies: [`kubectl -n ${namespace} get ${missing.kind}s          what is there under another name`],
    });
  return storageFails(pod, said, told, seen, { node: pod.spec.nodeName, namespace, pod: name, name });
}

/** The ConfigMap or Secret that a message misses. */
export function missingIn(said: string, namespace: string) {
  const [, kind, name] = /\b(configmap|secret) "([^"]+)" not found/.exec(said) ?? [];
  if (kind === undefined) return undefined;
  return { kind, title: `${kind === 'secret' ? 'Secret' : 'ConfigMap'} ${namespace}/${name}` };
}

function storageFails(
  pod: Json,
  said: string,
  about: About,
  seen: Survey,
  place: Place & { readonly namespace: string; readonly name: string },
): Trouble {
  const { namespace, name } = place;
  const driver = /driver\.longhorn\.io|pvc-/.test(said) ? longhornPods(seen) : [];
  const line = managerLines(seen).findLast((one) => meaningOf(one) !== undefined);
  const heard = line === undefined ? [] : [`log of instance-manager: ${sentenceOf(line)}`];
  const fits = meaningOf(said);
  const told: About = {
    ...about,
    code: 'STORAGE-FAILED',
    rank: rank.claim,
    blames: [...claimsOf(pod, seen), ...driver, `nodes.longhorn.io ${pod.spec.nodeName} multipathd`],
    evidence: [...(about.evidence ?? []), ...(fits === undefined ? heard : [])],
  };
  const meaning = fits ?? meaningOf(line ?? '');
  if (meaning !== undefined) return known(told, meaning, place, said);
  const remedies = [
    `kubectl -n ${namespace} describe pod ${name}`,
    'kubectl -n longhorn-system get volumes.longhorn.io,pods',
  ] as const;
  return unknown(told, remedies, said);
}

/** The claims of a pod, and the volumes behind them. */
function claimsOf(pod: Json, seen: Survey): readonly string[] {
  const { namespace } = pod.metadata;
  return claimsIn(pod).flatMap((claim) => [
    `PersistentVolumeClaim ${namespace}/${claim}`,
    ...volumesOf(namespace, claim, seen),
  ]);
}

function managerLines(seen: Survey): readonly string[] {
  return seen
    .of('Pod')
    .filter(isInstanceManager)
    .flatMap((one) => seen.log(one, 'instance-manager'));
}

export function isInstanceManager({ metadata }: Json): boolean {
  return metadata.namespace === 'longhorn-system' && metadata.labels?.['longhorn.io/component'] === 'instance-manager';
}

function volumesOf(namespace: string, claim: string, seen: Survey): readonly string[] {
  const found = seen
    .of('PersistentVolumeClaim')
    .find(({ metadata }) => metadata.namespace === namespace && metadata.name === claim);
  return found?.spec.volumeName === undefined ? [] : [`Volume longhorn-system/${found.spec.volumeName}`];
}

/** What has to work for a volume of Longhorn to be made or attached. */
export function longhornPods(seen: Survey): readonly string[] {
  const pods = seen.of('Pod').filter(({ metadata }) => metadata.namespace === 'longhorn-system');
  return [...pods.map(objectName), 'webhook longhorn-system/longhorn-admission-webhook'];
}
