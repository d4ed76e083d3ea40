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

function noLink(nic: NicFacts, { site, facts }: Machine): Fault {
  const linked = facts.nics.filter((one) => one.kind === 'physical' && one.carrier);
  const at = site.profile.nodes.findIndex((node) => node.name === site.node.name);
  const [other] = linked;
  return new Fault({
    code: 'PREFLIGHT-LINK',
    message: `the management interface ${about(nic)} has no link`,
    cause: 'no cable is plugged in there, or the switch port is off',
    evidence:
      linked.length === 0
        ? ['no network interface of this machine has a link']
        : linked.map((one) => `${about(one)} has a link${speed(one)}`),
    remedy: [
      `plug the network cable into ${nic.name}, then  ip link show ${nic.name}`,
      ...(other === undefined ? [] : [`or set nodes[${at}].network.management.match.mac: ${other.mac}`]),
    ],
  });
}

function about(nic: NicFacts): string {
  return `${nic.name} (${nic.mac})`;
}

function speed(nic: NicFacts): string {
  return nic.speed === undefined ? '' : ` at ${nic.speed} Mbit/s`;
}
