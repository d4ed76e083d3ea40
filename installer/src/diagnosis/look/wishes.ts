import type { Json } from '#kube/json';
import { objectName } from '../names.ts';
import { signature } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, rank, type Trouble, unknown } from '../trouble.ts';
import { clipped, conditionOf, conditionText } from '../words.ts';
import { aboutMachine, lastEvents } from './machines.ts';

/** A Wukong that has just changed is given so long. */
const patience = 120_000;

/** What was asked of machines and does not come true: to move, and to be as a Wukong describes them. */
export function wishTroubles(seen: Survey): readonly Trouble[] {
  return [
    ...seen.of('VirtualMachineInstanceMigration').flatMap((one) => migration(one, seen) ?? []),
    ...seen.of('Wukong').flatMap((one) => wukong(one, seen) ?? []),
  ];
}

function migration(one: Json, seen: Survey): Trouble | undefined {
  const { namespace, name } = one.metadata;
  const { vmiName } = one.spec;
  if (one.status?.phase !== 'Failed') return undefined;
  const vmi = seen
    .of('VirtualMachineInstance')
    .find(({ metadata }) => metadata.namespace === namespace && metadata.name === vmiName);
  const movable = conditionOf(vmi, 'LiveMigratable');
  const message = `the machine ${namespace}/${vmiName} could not be moved to another node`;
  const told: About = {
    ...aboutMachine(one, `migration ${namespace}/${name}`, message),
    evidence: [...(movable === undefined ? [] : [conditionText(movable, seen.now)]), ...lastEvents(one, seen)],
  };
  if (movable?.status === 'False') {
    const said = clipped(movable.message ?? movable.reason);
    return known(told, signature(69), { namespace, name: vmiName }, said);
  }
  const describe = `kubectl -n ${namespace} describe`;
  return unknown(told, [`${describe} vmim ${name}`, `${describe} vmi ${vmiName}`]);
}

function wukong(one: Json, seen: Survey): Trouble | undefined {
  const ready = conditionOf(one, 'Ready');
  if (ready === undefined || ready.status === 'True') return undefined;
  if (
    seen.now - Date.parse(ready.lastTransitionTime ?? '') < patience &&
    ready.reason !== 'Failed' &&
    one.status?.phase !== 'Failed'
  )
    return undefined;
  const { namespace, name, uid } = one.metadata;
  const owned = (objects: readonly Json[]) =>
    objects.filter(({ metadata }) => (metadata.ownerReferences ?? []).some((owner: Json) => owner.uid === uid));
  const vms = owned(seen.of('VirtualMachine'));
  const machines = vms.map(({ metadata }) => `VirtualMachineInstance ${metadata.namespace}/${metadata.name}`);
  const disks = [...owned(seen.of('DataVolume')), ...owned(seen.of('PersistentVolumeClaim'))];
  const told: About = {
    ...aboutMachine(one, `Wukong ${namespace}/${name}`, `the Wukong ${namespace}/${name} is not Ready`),
    rank: rank.user,
    evidence: [conditionText(ready, seen.now)],
    blames: [...vms.map(objectName), ...machines, ...disks.map(objectName)],
  };
  return unknown(told, [`kubectl -n ${namespace} describe wukong ${name}`], clipped(ready.message ?? ready.reason));
}
