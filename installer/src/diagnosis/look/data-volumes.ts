import type { Json } from '#kube/json';
import { objectName } from '../names.ts';
import { meaningOf, signature } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, rank, type Trouble, unknown } from '../trouble.ts';
import { conditionOf, conditionText, eventsOf, eventText, innermost } from '../words.ts';

const patience = 120_000;
const waiting = new Set(['WaitForFirstConsumer', 'PendingPopulation']);

/** Disks of CDI that do not come into being. */
export function dataVolumeTroubles(seen: Survey): readonly Trouble[] {
  return seen.of('DataVolume').flatMap((one) => trouble(one, seen) ?? []);
}

function trouble(disk: Json, seen: Survey): Trouble | undefined {
  const { namespace, name } = disk.metadata;
  const phase: string = disk.status?.phase || 'Unset';
  if (phase === 'Succeeded' || phase === 'Paused') return undefined;
  const about: About = {
    key: objectName(disk),
    object: objectName(disk),
    name: `disk ${namespace}/${name}`,
    rank: rank.claim,
    code: 'STORAGE-FAILED',
    message: `the disk ${namespace}/${name} is not made: ${phase === 'Unset' ? 'CDI has not begun' : `it is ${phase}`}`,
  };
  if (waiting.has(phase)) return unused(disk, about, seen);
  return stuck(disk, about, seen);
}

/** Waiting for a consumer is as it should be, until somebody waits for the disk. */
function unused(disk: Json, about: About, seen: Survey): Trouble | undefined {
  const { namespace, name } = disk.metadata;
  const claims = [`PersistentVolumeClaim ${namespace}/${name}`];
  return {
    ...known({ ...about, blames: claims }, signature(72), { namespace, name }),
    ...(isAskedFor(disk, seen) ? {} : { advice: true as const }),
  };
}

function isAskedFor({ metadata }: Json, seen: Survey): boolean {
  return seen
    .of('VirtualMachine')
    .some(
      (vm) =>
        vm.metadata.namespace === metadata.namespace &&
        vm.status?.printableStatus === 'WaitingForVolumeBinding' &&
        (vm.spec?.template?.spec?.volumes ?? []).some((one: Json) => one.dataVolume?.name === metadata.name),
    );
}

function stuck(disk: Json, about: About, seen: Survey): Trouble | undefined {
  const { namespace, name, uid, creationTimestamp } = disk.metadata;
  const events = eventsOf(seen, disk);
  const running = conditionOf(disk, 'Running');
  const bound = conditionOf(disk, 'Bound');
  const said: string = running?.message || events.at(-1)?.message || '';
  const isYoung = seen.now - Date.parse(creationTimestamp ?? '') < patience;
  if (isYoung && events.length === 0 && running?.reason !== 'Error') return undefined;
  const conditions = [running, bound].filter((one) => one?.status === 'False' && one.message);
  const told: About = {
    ...about,
    evidence: [
      ...conditions.map((one) => conditionText(one, seen.now)),
      ...events.slice(-2).map((event) => eventText(event, seen.now)),
    ],
    blames: [...workersOf(namespace, name, uid, seen), ...scratchOf(namespace, name)],
  };
  const texts = [
    `${events.at(-1)?.reason ?? ''} ${events.at(-1)?.message ?? ''}`,
    `${running?.reason ?? ''} ${running?.message ?? ''}`,
    bound?.message ?? '',
  ];
  const fits = texts.map(meaningOf).find((one) => one !== undefined);
  if (fits !== undefined) return known(told, fits, { namespace, name }, innermost(said));
  return unknown(
    told,
    [`kubectl -n ${namespace} describe datavolume ${name}`, `kubectl -n ${namespace} get pods,pvc`],
    said === '' ? undefined : innermost(said),
  );
}

/** The claim of the disk, the one beside it for scratch space and that of the populator. */
function scratchOf(namespace: string, name: string): readonly string[] {
  return [name, `${name}-scratch`].map((claim) => `PersistentVolumeClaim ${namespace}/${claim}`);
}

/** Importer, uploader and cloner pods of the disk. */
function workersOf(namespace: string, name: string, uid: string, seen: Survey): readonly string[] {
  const claims = new Set(
    seen
      .of('PersistentVolumeClaim')
      .filter(
        ({ metadata }) =>
          metadata.namespace === namespace &&
          (metadata.name === name || (metadata.ownerReferences ?? []).some((one: Json) => one.uid === uid)),
      )
      .map(({ metadata }) => metadata.name),
  );
  const pods = seen.of('Pod').filter(({ metadata }) => {
    if (metadata.namespace !== namespace) return false;
    const of: string | undefined =
      metadata.annotations?.['cdi.kubevirt.io/storage.import.importPvcName'] ??
      metadata.labels?.['cdi.kubevirt.io/storage.import.importPvcName'];
    return (
      metadata.name === `importer-${name}` ||
      (of !== undefined && claims.has(of)) ||
      metadata.name === `cdi-upload-${name}`
    );
  });
  return [...pods.map(objectName), ...[...claims].map((claim) => `PersistentVolumeClaim ${namespace}/${claim}`)];
}
