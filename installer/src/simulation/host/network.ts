import { load } from 'js-yaml';
import type { Json } from '#kube/json';
import type { SimulatedMachine } from './simulated-machine.ts';
import type { Nic } from './state.ts';
import { isActive, isEnabled } from './systemd.ts';

/** The link is up: a cable is in, and for a bridge one of its ports has a link. */
export function hasCarrier(machine: SimulatedMachine, nic: Nic): boolean {
  if (nic.kind === 'bridge') {
    return machine.nics.some((port) => port.master === nic.name && hasCarrier(machine, port));
  }
  const { noCarrier } = machine.troubles;
  return nic.carrier && !noCarrier.has(nic.mac) && !noCarrier.has(nic.name);
}

/** Nobody configures an interface that has no link. */
export function addressesOf(machine: SimulatedMachine, nic: Nic): readonly string[] {
  return hasCarrier(machine, nic) ? nic.addresses : [];
}

export function defaultRoute(
  machine: SimulatedMachine,
): { readonly gateway: string; readonly dev: string } | undefined {
  const nic = machine.nics.find((one) => one.gateway !== undefined && addressesOf(machine, one).length > 0);
  return nic?.gateway === undefined ? undefined : { gateway: nic.gateway, dev: nic.name };
}

/** What NetworkManager says of an interface; undefined while it does not run. */
export function managedState(machine: SimulatedMachine, nic: Nic): string | undefined {
  if (!isActive(machine, 'NetworkManager.service')) return undefined;
  const settings = netplan(machine);
  const managed = settings.renderer === 'NetworkManager' || managesEverything(machine);
  if (!managed) return 'unmanaged';
  if (!hasCarrier(machine, nic)) return 'unavailable';
  return nic.addresses.length > 0 || nic.master !== undefined || nic.kind === 'bridge' ? 'connected' : 'disconnected';
}

/** At boot: names by the .link files in the initramfs, then what netplan says, by whoever is enabled to do it. */
export function configureNetwork(machine: SimulatedMachine): void {
  machine.nics = machine.nics.filter((nic) => nic.kind !== 'bridge');
  const names = linkNames(machine.files.read(initramfsPath(machine)) ?? '');
  for (const nic of machine.nics) {
    nic.name = names.get(nic.mac) ?? nic.firstName;
    nic.addresses = [];
    delete nic.gateway;
    delete nic.master;
  }
  const settings = netplan(machine);
  const service = settings.renderer === 'NetworkManager' ? 'NetworkManager.service' : 'systemd-networkd.service';
  if (!isEnabled(machine, service)) return;
  const byId = new Map<string, Nic>();
  for (const [id, about] of Object.entries(settings.ethernets)) {
    const nic = configureNic(machine, id, about);
    if (nic !== undefined) byId.set(id, nic);
  }
  for (const [name, about] of Object.entries(settings.bridges)) makeBridge(machine, name, about, byId);
}

export function initramfsPath(machine: SimulatedMachine): string {
  return `/boot/initrd.img-${machine.hardware.kernel.release}`;
}

interface Netplan {
  readonly renderer: string;
  readonly ethernets: Readonly<Record<string, Json>>;
  readonly bridges: Readonly<Record<string, Json>>;
}

/** All files of /etc/netplan as one; later names win, as netplan(5) says. Throws what the YAML reader throws. */
export function netplan(machine: SimulatedMachine): Netplan {
  const merged = { renderer: 'networkd', ethernets: {}, bridges: {} };
  const files = machine.files.list('/etc/netplan').filter((name) => name.endsWith('.yaml'));
  for (const name of files) {
    const network: Json = (load(machine.files.read(`/etc/netplan/${name}`) ?? '') as Json)?.network ?? {};
    if (typeof network.renderer === 'string') merged.renderer = network.renderer;
    Object.assign(merged.ethernets, network.ethernets);
    Object.assign(merged.bridges, network.bridges);
  }
  return merged;
}

function configureNic(machine: SimulatedMachine, id: string, about: Json): Nic | undefined {
  const mac: unknown = about?.match?.macaddress;
  const nic = machine.nics.find((one) => (typeof mac === 'string' ? one.mac === mac.toLowerCase() : one.name === id));
  if (nic === undefined) return undefined;
  if (typeof about['set-name'] === 'string') nic.name = about['set-name'];
  configure(nic, about);
  return nic;
}

function configure(nic: Nic, about: Json): void {
  const fixed: readonly string[] = (about?.addresses ?? []).map(String);
  nic.addresses = [...fixed, ...(about?.dhcp4 === true ? nic.lease.addresses : [])];
  const route = (about?.routes ?? []).find((one: Json) => one.to === 'default' || one.to === '0.0.0.0/0');
  const gateway = route?.via ?? about?.gateway4 ?? (about?.dhcp4 === true ? nic.lease.gateway : undefined);
  if (typeof gateway === 'string') nic.gateway = gateway;
  if (typeof about?.mtu === 'number') nic.mtu = about.mtu;
}

function makeBridge(machine: SimulatedMachine, name: string, about: Json, byId: ReadonlyMap<string, Nic>): void {
  const ids: readonly string[] = (about?.interfaces ?? []).map(String);
  const ports = ids.flatMap((id) => byId.get(id) ?? machine.nics.find((nic) => nic.name === id) ?? []);
  const { mac = '02:00:00:00:00:01', lease = { addresses: [] } } = ports[0] ?? {};
  const bridge: Nic = { name, firstName: name, mac, carrier: true, mtu: 1500, addresses: [], kind: 'bridge', lease };
  configure(bridge, about);
  for (const port of ports) port.master = name;
  machine.nics.push(bridge);
}

/** The names that .link files give, by MAC (systemd.link(5)). */
export function linkNames(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/^# .*\.link$/m).flatMap((file) => {
      const mac = /^(?:PermanentMACAddress|MACAddress)=(.+)$/m.exec(file)?.[1]?.trim().toLowerCase();
      const name = /^Name=(.+)$/m.exec(file)?.[1]?.trim();
      return mac === undefined || name === undefined ? [] : [[mac, name] as const];
    }),
  );
}

function managesEverything(machine: SimulatedMachine): boolean {
  const name = '10-globally-managed-devices.conf';
  const text = machine.files.read(`/etc/NetworkManager/conf.d/${name}`);
  return text !== undefined && !/^unmanaged-devices=\*/m.test(text);
}
