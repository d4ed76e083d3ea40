import { Fault } from '#engine/fault';
import { doOverlap } from '#profile/network';
import type { Check } from '../check.ts';

/** Interfaces that the cluster network itself made. */
const ours = /^(cni0|flannel|veth|kube-)/;

/** The cluster's own networks lie nowhere that the machine really is; the profile alone cannot know that. */
export const networksApart: Check = ({ site, facts }) => {
  const { clusterCidr, serviceCidr } = site.profile.cluster.k3s;
  const taken = facts.nics
    .filter((nic) => !ours.test(nic.name))
    .flatMap((nic) => nic.addresses.filter(isV4).map((address) => ({ name: nic.name, address })));
  const planned = [
    { key: 'clusterCidr', cidr: clusterCidr },
    { key: 'serviceCidr', cidr: serviceCidr },
  ];
  return planned.flatMap(({ key, cidr }) =>
    taken.filter(({ address }) => doOverlap(cidr, address)).map(({ name, address }) => clash(key, cidr, name, address)),
  );
};

function clash(key: string, cidr: string, name: string, address: string): Fault {
  return new Fault({
    code: 'PREFLIGHT-NETWORK',
    message: `cluster.k3s.${key} ${cidr} overlaps ${address}, the address of ${name}`,
    cause: 'pods could not reach the LAN, nor the LAN this node; it cannot be changed after the installation',
    remedy: [
      `set cluster.k3s.${key} to a network that this site does not use, such as 10.${key === 'clusterCidr' ? 142 : 143}.0.0/16`,
    ],
  });
}

function isV4(address: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(address);
}
