import type { Inventory } from '#ports/facts';

type Cpu = Omit<Inventory['cpu'], 'architecture' | 'numaNodes'>;

/** The CPUs as /proc/cpuinfo tells them; ARM names neither model nor sockets. */
export function cpuFacts(cpuinfo: string): Cpu & { readonly hypervisor: boolean } {
  const processors = cpuinfo
    .split(/\n\s*\n/)
    .map(fields)
    .filter((one) => one.has('processor'));
  const sockets = new Set(processors.map((one) => one.get('physical id') ?? '0'));
  const cores = new Set(
    processors.map((one) => `${one.get('physical id') ?? ''}/${one.get('core id') ?? one.get('processor')}`),
  );
  const first = processors[0];
  const flags = new Set((first?.get('flags') ?? first?.get('Features') ?? '').split(' '));
  const virtualisation = flags.has('vmx') ? 'vmx' : flags.has('svm') ? 'svm' : undefined;
  return {
    model: first?.get('model name') ?? first?.get('CPU part') ?? 'unknown',
    sockets: Math.max(1, sockets.size),
    cores: Math.max(1, cores.size),
    threads: Math.max(1, processors.length),
    ...(virtualisation === undefined ? {} : { virtualisation }),
    hypervisor: flags.has('hypervisor'),
  };
}

function fields(block: string): ReadonlyMap<string, string> {
  return new Map(
    block.split('\n').flatMap((line) => {
      const at = line.indexOf(':');
      return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const];
    }),
  );
}
