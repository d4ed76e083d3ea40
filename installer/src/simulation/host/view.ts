import type { Machine } from '../bench.ts';
import { hasModule } from './modules.ts';
import { addressesOf } from './network.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import { isActive } from './systemd.ts';

/** What component doubles see of a machine: always as it is now. */
export function viewOf(machine: SimulatedMachine): Machine {
  return {
    name: machine.name,
    get bootId() {
      return machine.bootId;
    },
    get on() {
      return machine.on;
    },
    cpus: machine.hardware.cpu.threads,
    memory: machine.hardware.memory.total,
    get hugepages() {
      return machine.hugepages;
    },
    get addresses() {
      return addressesIn(machine);
    },
    get images() {
      return wholeImages(machine);
    },
    ...filesOf(machine),
    hasDevice: (path) => machine.look(path)?.kind === 'device',
    hasModule: (name) => hasModule(machine, name),
    hasPackage: (name) => machine.packages.get(name)?.status === 'installed',
    isActive: (unit) => isActive(machine, unit),
    mountAt: (path) => mountAt(machine, path),
  };
}

function filesOf(machine: SimulatedMachine): Pick<Machine, 'read' | 'list' | 'write' | 'remove'> {
  return {
    read: (path) => machine.read(path),
    list: (path) => machine.list(path),
    write: (path, content) => machine.files.put(path, content),
    remove: (path) => void machine.files.remove(path),
  };
}

function addressesIn(machine: SimulatedMachine): readonly string[] {
  return machine.nics.flatMap((nic) => addressesOf(machine, nic)).map((address) => address.split('/')[0] ?? address);
}

/** Nothing starts from an image whose layers are torn. */
function wholeImages(machine: SimulatedMachine): ReadonlySet<string> {
  return new Set([...machine.images].flatMap(([name, image]) => (image.torn ? [] : [name])));
}

/** The mount that a path lies in. */
export function mountAt(machine: SimulatedMachine, path: string): SimulatedMachine['mounts'][number] | undefined {
  const holding = machine.mounts.filter(
    (one) => one.path === '/' || path === one.path || path.startsWith(`${one.path}/`),
  );
  return holding.sort((a, b) => b.path.length - a.path.length)[0];
}
