import { Fault } from '#engine/fault';
import type { Reach } from '#engine/reach';
import type { Unit } from '#engine/run';
import type { World } from '#ports/world';

/** What is said once, at the beginning of a run, of all that it cannot see from where it is. */
export function elsewhereNotes({ elsewhere }: Reach, world: Pick<World, 'remote'>): readonly string[] {
  const { remote } = world;
  const onHosts = elsewhere.filter(({ phase }) => phase.on === 'each host');
  const onCluster = elsewhere.filter(({ phase }) => phase.on === 'cluster');
  if (remote !== undefined) {
    const unseen = 'what the profile says of machines (disks, network cards, kernel, hugepages)';
    const whole = onHosts.length === 0 ? `${unseen} is` : `${titles(onHosts)}, and ${unseen}, are`;
    return [`this machine is no node of the cluster at ${remote.server}: ${whole} not looked at from here`];
  }
  return [
    ...(onHosts.length === 0
      ? []
      : [`not done from here: ${titles(onHosts)} of ${hosts(onHosts)}; run the same command there`]),
    ...(onCluster.length === 0
      ? []
      : [
          `not done from here: ${titles(onCluster)}; ${hosts(onCluster)} does it, or this machine with --kubeconfig FILE`,
        ]),
  ];
}

/** Refuses what was asked for and belongs to machines that this run has no hands on, before anything is done of it. */
export function refuseElsewhere(
  asked: readonly Unit[],
  { here, elsewhere }: Reach,
  world: Pick<World, 'remote'>,
  command: 'apply' | 'upgrade' = 'apply',
): void {
  const onHosts = elsewhere.filter(({ phase }) => phase.on === 'each host');
  if (world.remote !== undefined && onHosts.length > 0) throw notANode(command, asked, onHosts, world.remote.server);
  if (here.length === 0 && elsewhere.length > 0) throw nothingHere(elsewhere);
}

function notANode(
  command: 'apply' | 'upgrade',
  asked: readonly Unit[],
  onHosts: readonly Unit[],
  server: string,
): Fault {
  const names = hosts(onHosts);
  const first = asked.find(({ phase }) => phase.on === 'cluster' && phase.steps.length > 0)?.phase.id ?? 'longhorn';
  const there = `run the same command on ${names}, without --kubeconfig          for the machine`;
  return new Fault({
    code: 'HOST-OUT-OF-REACH',
    message: `this machine is not a node of the cluster at ${server}: ${titles(onHosts)} ${be(onHosts)} done on ${names} itself`,
    cause: 'a machine is only ever changed by a run on that very machine',
    remedy:
      command === 'upgrade'
        ? [there]
        : [
            `novasphere apply PROFILE --from ${first} --kubeconfig FILE          what goes through the API alone`,
            there,
          ],
  });
}

function nothingHere(elsewhere: readonly Unit[]): Fault {
  const names = hosts(elsewhere);
  return new Fault({
    code: 'HOST-OUT-OF-REACH',
    message: `nothing of this is done from here: ${titles(elsewhere)} ${be(elsewhere)} left to ${names}`,
    remedy: [
      `run the same command on ${names}`,
      'novasphere apply PROFILE --from longhorn --kubeconfig FILE          drives the cluster from anywhere',
    ],
  });
}

function be(units: readonly Unit[]): 'is' | 'are' {
  return new Set(units.map(({ phase }) => phase.id)).size === 1 ? 'is' : 'are';
}

/** `“Preflight”, “Prepare the host” and “Kubernetes (k3s)”`. */
function titles(units: readonly Unit[]): string {
  return listed(units.map(({ phase }) => `“${phase.title}”`));
}

function hosts(units: readonly Unit[]): string {
  return listed(units.map(({ host }) => host));
}

function listed(words: readonly string[]): string {
  const all = [...new Set(words)];
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
