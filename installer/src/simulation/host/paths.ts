import type { PathFacts } from '#ports/host';
import { devTree } from './dev-tree.ts';
import { type KernelTree, leafAt, namesIn } from './kernel-tree.ts';
import { procTree } from './proc-tree.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import { sysTree } from './sys-tree.ts';

/** What a path shows: the kernel's own files first, then those on the disk. */
export function readPath(machine: SimulatedMachine, path: string): string | undefined {
  const leaf = leafAt(kernelAt(machine, path), path);
  if (leaf !== undefined) return typeof leaf === 'function' ? leaf() : undefined;
  return machine.files.read(path);
}

export function listPath(machine: SimulatedMachine, path: string): readonly string[] {
  const names = namesIn(kernelAt(machine, path), path);
  return names.length > 0 ? names : machine.files.list(path);
}

export function lookAtPath(machine: SimulatedMachine, path: string): PathFacts | undefined {
  const tree = kernelAt(machine, path);
  const leaf = leafAt(tree, path);
  if (leaf === undefined) {
    const directory = { kind: 'directory', mode: 0o755, size: 0 } as const;
    return namesIn(tree, path).length > 0 ? directory : machine.files.look(path);
  }
  if (typeof leaf === 'function') return { kind: 'file', mode: 0o444, size: 4096 };
  return 'link' in leaf ? { kind: 'link', mode: 0o777, size: 0 } : { kind: 'device', mode: 0o660, size: 0 };
}

/** Where a link points; undefined for what is none. */
export function linkTarget(machine: SimulatedMachine, path: string): string | undefined {
  const leaf = leafAt(kernelAt(machine, path), path);
  return leaf !== undefined && 'link' in leaf ? leaf.link : machine.files.target(path);
}

function kernelAt(machine: SimulatedMachine, path: string): KernelTree {
  if (path.startsWith('/proc')) return procTree(machine);
  if (path.startsWith('/sys')) return sysTree(machine, path);
  return path.startsWith('/dev') ? devTree(machine) : {};
}
