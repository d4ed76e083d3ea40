import type { Json } from '#kube/json';
import { objectName } from '../names.ts';
import { meaningOf, signature } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, plain, rank, type Trouble, unknown } from '../trouble.ts';
import { eventsOf, eventText, innermost } from '../words.ts';
import { claimsIn } from './claims-of-pod.ts';
import { longhornPods } from './mounting.ts';
import { blamedWebhooks } from './webhook-text.ts';

const standard = 'storageclass.kubernetes.io/is-default-class';

/** Claims that have no volume, and storage classes that contradict each other. */
export function claimTroubles(seen: Survey): readonly Trouble[] {
  return [...ambiguous(seen), ...seen.of('PersistentVolumeClaim').flatMap((one) => unbound(one, seen) ?? [])];
}

function defaults(seen: Survey): readonly Json[] {
  return seen.of('StorageClass').filter(({ metadata }) => metadata.annotations?.[standard] === 'true');
}

function ambiguous(seen: Survey): readonly Trouble[] {
  const names: readonly string[] = defaults(seen).map(({ metadata }) => metadata.name);
  if (names.length < 2) return [];
  const other = names.find((name) => name !== 'longhorn') ?? '';
  const about: About = {
    key: 'StorageClass default',
    object: names.map((name) => `StorageClass ${name}`).join(', '),
    name: 'default StorageClass',
    rank: rank.storage,
    code: 'STORAGE-CLASS-AMBIGUOUS',
    message: `${names.length} StorageClasses are the default: ${names.join(', ')}`,
  };
  return [known(about, signature(78), { name: other })];
}

function unbound(claim: Json, seen: Survey): Trouble | undefined {
  const { phase } = claim.status ?? {};
  if (phase === 'Bound' || claim.metadata.deletionTimestamp !== undefined) return undefined;
  const { namespace, name } = claim.metadata;
  const object = objectName(claim);
  const about: About = {
    key: object,
    object,
    name: `PVC ${namespace}/${name}`,
    rank: rank.claim,
    code: 'STORAGE-FAILED',
    message: `the claim ${namespace}/${name} has no volume`,
    evidence: eventsOf(seen, claim)
      .slice(-2)
      .map((event) => eventText(event, seen.now)),
  };
  if (phase === 'Lost')
    return known({ ...about, evidence: [], message: `the claim ${namespace}/${name} has lost its volume` }, lost(), {
      namespace,
      name,
    });
  return pending(claim, about, seen);
}

function lost() {
  return meaningOf('ErrClaimLost') ?? signature(77);
}

function pending(claim: Json, about: About, seen: Survey): Trouble | undefined {
  const { namespace, name } = claim.metadata;
  const className: string | undefined = claim.spec.storageClassName;
  const storageClass = seen.of('StorageClass').find(({ metadata }) => metadata.name === className);
  if (className === undefined || (storageClass === undefined && className !== ''))
    return withoutClass(about, className, namespace, seen);
  const isUsed = seen.of('Pod').some((pod) => pod.metadata.namespace === namespace && claimsIn(pod).includes(name));
  // Nobody uses it yet: such a claim is not bound before somebody does.
  if (storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && !isUsed) return undefined;
  const event = eventsOf(seen, claim).findLast(({ reason }) => /ProvisioningFailed|FailedBinding/.test(reason));
  const isLonghorn = storageClass?.provisioner === 'driver.longhorn.io';
  const told: About = {
    ...about,
    blames: [...(event === undefined ? [] : blamedWebhooks(event.message)), ...(isLonghorn ? longhornParts(seen) : [])],
  };
  const fits = event === undefined ? undefined : meaningOf(event.message);
  // A claim without a volume has no name in Longhorn yet.
  const place = fits?.seen.includes('volumes.longhorn.io') === true ? { namespace } : { namespace, name };
  if (fits !== undefined) return known(told, fits, place, innermost(event.message));
  const remedies = [
    `kubectl -n ${namespace} describe pvc ${name}`,
    'kubectl -n longhorn-system get pods,nodes.longhorn.io,volumes.longhorn.io',
  ] as const;
  return unknown(told, remedies, event === undefined ? 'no event says why' : innermost(event.message));
}

function longhornParts(seen: Survey): readonly string[] {
  return [
    ...longhornPods(seen),
    'Longhorn disks',
    ...seen.of('LonghornNode').map(({ metadata }) => `nodes.longhorn.io ${metadata.name}`),
  ];
}

function withoutClass(about: About, name: string | undefined, namespace: string, seen: Survey): Trouble {
  const names: readonly string[] = seen.of('StorageClass').map(({ metadata }) => metadata.name);
  if (name !== undefined)
    return plain(about, {
      title: `StorageClass ${name} missing`,
      because: [
        `it asks for the StorageClass ${name}, which does not exist${names.length === 0 ? '' : `; there are ${names.join(', ')}`}`,
      ],
      remedies: [
        'kubectl get storageclasses',
        'novasphere apply PROFILE --only longhorn          makes the classes of the platform',
      ],
    });
  return known({ ...about, blames: ['StorageClass default'] }, signature(71), { namespace });
}
