import { rules } from './terms.ts';

const kinds = rules(
  {
    rule: "self.name == 'default' || has(self.type) || has(self.nadName)",
    message:
      'a network needs a type, or the nadName of an existing NetworkAttachmentDefinition; only `default`, the pod network, needs neither',
    fieldPath: '.type',
  },
  {
    rule: "self.name != 'default' || !(has(self.nadName) || has(self.bridgeName) || has(self.physicalInterface) || has(self.vlanId) || has(self.resourceName))",
    message:
      '`default` is the pod network, which has no nadName, bridgeName, physicalInterface, vlanId or resourceName: give a network with these another name',
    fieldPath: '.name',
  },
  {
    rule: "self.name == 'default' || !has(self.type) || self.type != 'sriov' || has(self.nadName) || has(self.resourceName)",
    message: 'a network of type sriov needs the resourceName of its device plugin, or a nadName',
    fieldPath: '.resourceName',
  },
  {
    rule: "self.name == 'default' || !has(self.type) || self.type != 'macvlan' || has(self.nadName) || has(self.physicalInterface)",
    message: 'a network of type macvlan needs the physicalInterface that it sits on, or a nadName',
    fieldPath: '.physicalInterface',
  },
  {
    rule: "!has(self.type) || !(self.type in ['sriov', 'macvlan']) || !has(self.bridgeName)",
    message: 'networks of the types sriov and macvlan have no bridge: leave bridgeName out, or use type bridge',
    fieldPath: '.bridgeName',
  },
  {
    rule: "!has(self.type) || self.type != 'macvlan' || !has(self.vlanId)",
    message:
      'a network of type macvlan has no VLAN of its own: name the VLAN interface of the host as physicalInterface',
    fieldPath: '.vlanId',
  },
);

const addressing = rules(
  {
    rule: "self.name == 'default' || has(self.nadName) || has(self.bridgeName) || !has(self.type) || !(self.type in ['bridge', 'ovs']) || self.name.size() <= 12",
    message:
      'without bridgeName the bridge is called br-<name>, and Linux allows 15 characters: give a bridgeName, or a name of 12 characters at most',
    fieldPath: '.bridgeName',
  },
  {
    rule: "!has(self.type) || !(self.type in ['sriov', 'macvlan']) || !has(self.ipConfig) || self.ipConfig.mode != 'ipam'",
    message: 'ipam gives its address through the pod, which the types sriov and macvlan go round: use static or dhcp',
    fieldPath: '.ipConfig',
  },
  {
    rule: "!(has(self.primary) && self.primary) || has(self.nadName) || (has(self.ipConfig) && self.ipConfig.mode == 'ipam')",
    message: 'a primary network gives the pod its address: it needs a nadName, or an ipConfig with `mode: ipam`',
    fieldPath: '.primary',
  },
);

/** What is asked of each network. */
export const networkRules = rules(...kinds['x-kubernetes-validations'], ...addressing['x-kubernetes-validations']);

/** What is asked of all networks together. */
export const networksRules = rules(
  {
    rule: 'self.filter(n, has(n.primary) && n.primary).size() <= 1',
    message: 'one network is the primary one: keep `primary: true` on one of them',
  },
  {
    rule: "!(self.exists(n, n.name == 'default') && self.exists(n, has(n.primary) && n.primary))",
    message: 'a primary network takes the place of the pod network: drop the network `default`, or `primary: true`',
  },
  {
    rule: 'self.filter(n, has(n.ipConfig) && has(n.ipConfig.gateway)).size() <= 1',
    message: 'a machine has one default route: keep the gateway of one network',
  },
  {
    rule: 'self.all(n, !has(n.macAddress) || self.exists_one(m, has(m.macAddress) && m.macAddress.lowerAscii() == n.macAddress.lowerAscii()))',
    message: 'two networks have the same macAddress: give each its own, or none',
  },
);
