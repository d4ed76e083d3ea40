import type { Json } from '#kube/json';
import { objectName } from '../names.ts';
import { machineStates } from '../signatures/kubevirt.ts';
import { meaningOf } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, plain, rank, type Trouble, unknown } from '../trouble.ts';
import { conditionOf, conditionText, eventsOf, eventText, innermost } from '../words.ts';
import { wiring } from './wiring.ts';

/** A machine that has just been asked for is given so long before silence counts as a sign. */
const patience = 120_000;

/** Virtual machines that should run and do not. */
export function machineTroubles(seen: Survey): readonly Trouble[] {
  return [
    ...seen.of('VirtualMachine').flatMap((one) => machine(one, seen) ?? []),
    ...seen.of('VirtualMachineInstance').flatMap((one) => [...(instance(one, seen) ?? []), ...wiring(one, seen)]),
  ];
}

export function aboutMachine(object: Json, name: string, message: string): About {
  const key = objectName(object);
  return { key, object: key, name, rank: rank.machine, code: 'COMPONENT-FAILED', message };
}

function machine(vm: Json, seen: Survey): Trouble | undefined {
  const { namespace, name } = vm.metadata;
  const state: string = vm.status?.printableStatus ?? '';
  const meant = machineStates[state];
  if (meant === undefined) return undefined;
  const { volumes = [] } = vm.spec?.template?.spec ?? {};
  const missing = missingDisks(namespace, volumes, seen);
  const told: About = {
    ...aboutMachine(
      vm,
      `VM ${namespace}/${name}`,
      `the machine ${namespace}/${name} does not run: KubeVirt says ${state}`,
    ),
    evidence: [...complaints(vm, seen), ...lastEvents(vm, seen)],
    blames: [`VirtualMachineInstance ${namespace}/${name}`, ...launchersOf(vm, seen), ...disksIn(namespace, volumes)],
  };
  return plain(told, {
    title: missing === undefined ? `${told.name} not running` : `${missing} missing`,
    because: [missing === undefined ? meant : `it names ${missing}, which does not exist`],
    remedies: [
      `kubectl -n ${namespace} describe virtualmachine ${name}`,
      `kubectl -n ${namespace} get pods,pvc,datavolumes`,
    ],
  });
}

/** The newest warnings about an object as evidence. */
export function lastEvents(object: Json, seen: Survey): readonly string[] {
  return eventsOf(seen, object)
    .slice(-2)
    .map((event) => eventText(event, seen.now));
}

function complaints(object: Json, seen: Survey): readonly string[] {
  const conditions: readonly Json[] = object.status?.conditions ?? [];
  return conditions
    .filter(({ status, message }) => status === 'False' && message)
    .map((one) => conditionText(one, seen.now))
    .slice(0, 2);
}

function disksIn(namespace: string, volumes: readonly Json[]): readonly string[] {
  return volumes.flatMap(({ dataVolume, persistentVolumeClaim }) => [
    ...(dataVolume === undefined
      ? []
      : [`DataVolume ${namespace}/${dataVolume.name}`, `PersistentVolumeClaim ${namespace}/${dataVolume.name}`]),
    ...(persistentVolumeClaim === undefined
      ? []
      : [`PersistentVolumeClaim ${namespace}/${persistentVolumeClaim.claimName}`]),
  ]);
}

/** The first disk that a machine names and that is not there, as people name it. */
function missingDisks(namespace: string, volumes: readonly Json[], seen: Survey): string | undefined {
  const has = (kind: 'DataVolume' | 'PersistentVolumeClaim', name: string) =>
    seen.of(kind).some(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  for (const { dataVolume, persistentVolumeClaim } of volumes) {
    const claim: string | undefined = persistentVolumeClaim?.claimName;
    if (claim !== undefined && !has('PersistentVolumeClaim', claim)) return `PVC ${namespace}/${claim}`;
    if (
      dataVolume !== undefined &&
      !has('DataVolume', dataVolume.name) &&
      !has('PersistentVolumeClaim', dataVolume.name)
    )
      return `DataVolume ${namespace}/${dataVolume.name}`;
  }
  return undefined;
}

function launchersOf({ metadata }: Json, seen: Survey): readonly string[] {
  const launchers = seen.of('Pod').filter((pod) => {
    const labels: Json = pod.metadata.labels ?? {};
    if (pod.metadata.namespace !== metadata.namespace || labels['kubevirt.io'] !== 'virt-launcher') return false;
    return labels['vm.kubevirt.io/name'] === metadata.name || labels['kubevirt.io/created-by'] === metadata.uid;
  });
  return launchers.map(objectName);
}

function instance(vmi: Json, seen: Survey): readonly Trouble[] {
  const { namespace, name } = vmi.metadata;
  const phase: string = vmi.status?.phase ?? 'Pending';
  const events = eventsOf(seen, vmi);
  if (isFine(vmi, phase, events, seen.now)) return [];
  const synchronized = conditionOf(vmi, 'Synchronized');
  const told: About = {
    ...aboutMachine(vmi, `VM ${namespace}/${name}`, `the machine ${namespace}/${name} is ${phase}, not Running`),
    evidence: [...complaints(vmi, seen), ...events.slice(-2).map((event) => eventText(event, seen.now))],
    blames: [
      ...launchersOf(vmi, seen),
      ...disksIn(namespace, vmi.spec?.volumes ?? []),
      `${objectName(vmi)} annotation`,
    ],
  };
  const said: string = events.at(-1)?.message ?? synchronized?.message ?? '';
  const fits = meaningOf(said);
  if (fits !== undefined) return [known(told, fits, { namespace, name }, innermost(said))];
  const missing = missingDisks(namespace, vmi.spec?.volumes ?? [], seen);
  const remedies = [
    `kubectl -n ${namespace} describe vmi ${name}`,
    `kubectl -n ${namespace} get pods,pvc,datavolumes`,
  ] as const;
  if (missing !== undefined)
    return [
      plain(told, { title: `${missing} missing`, because: [`it names ${missing}, which does not exist`], remedies }),
    ];
  return [unknown(told, remedies, said === '' ? undefined : innermost(said))];
}

/** Runs, or has only just been asked for and nothing speaks against it. */
function isFine(vmi: Json, phase: string, events: readonly Json[], now: number): boolean {
  if (phase === 'Running' || phase === 'Succeeded') return true;
  const isYoung = now - Date.parse(vmi.metadata.creationTimestamp ?? '') < patience;
  const isRefused = conditionOf(vmi, 'Synchronized')?.status === 'False';
  return isYoung && events.length === 0 && !isRefused && phase !== 'Failed';
}
