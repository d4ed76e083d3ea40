import { Fault } from '#engine/fault';
import type { NicFacts } from '#ports/facts';
import { matchNic } from '#profile/match';
import type { Check, Machine } from '../check.ts';

/** The cable is where the profile says: without a link on the management interface nobody can reach the node. */
export const linksUp: Check = (machine) => {
  const { network } = machine.site.node;
  const management = matchNic(network.management.match, machine.facts.nics);
  const others = network.interfaces.flatMap(({ match, name }) => {
    const found = matchNic(match, machine.facts.nics);
    return 'fault' in found || found.chosen.carrier
      ? []
      : [`${about(found.chosen)}, which becomes ${name}, has no link`];
  });
  if ('fault' in management || management.chosen.carrier) return others;
  return [noLink(management.chosen, machine), ...others];
};

function noLink(nic: NicFacts, machine: Machine): Fault {
  const { site, facts } = machine;
  const linked = facts.nics.filter((one) => one.kind === 'physical' && one.carrier);
  const at = site.profile.nodes.findIndex((node) => node.name === site.node.name);
  const claims = linked.map((one) => ({ nic: one, as: nameFor(one, machine) }));
  const free = claims.find((one) => one.as === undefined)?.nic;
  const taken = claims.find((one) => one.as !== undefined);
  return new Fault({
    code: 'PREFLIGHT-LINK',
    message: `the management interface ${about(nic)} has no link`,
    cause: 'no cable is plugged in there, or the switch port is off',
    where: [`nodes[${at}].network.management`],
    evidence:
      linked.length === 0
        ? ['no network interface of this machine has a link']
        : claims.map(
            ({ nic: one, as }) =>
              `${about(one)} has a link${speed(one)}${as === undefined ? '' : `; it becomes ${as}`}`,
          ),
    remedy: [
      `plug the network cable into ${nic.name}, then  ip link show ${nic.name}`,
      ...(taken === undefined ? [] : [`if it is in ${taken.nic.name}, which becomes ${taken.as}, move it from there`]),
      ...(free === undefined ? [] : [`or set nodes[${at}].network.management.match.mac: ${free.mac}`]),
    ],
  });
}

/** The name that the profile gives to an interface, where it wants it for something else. */
function nameFor(nic: NicFacts, { site, facts }: Machine): string | undefined {
  return site.node.network.interfaces.find(({ match }) => {
    const found = matchNic(match, facts.nics);
    return !('fault' in found) && found.chosen.name === nic.name;
  })?.name;
}

function about(nic: NicFacts): string {
  return `${nic.name} (${nic.mac})`;
}

function speed(nic: NicFacts): string {
  return nic.speed === undefined ? '' : ` at ${nic.speed} Mbit/s`;
}
