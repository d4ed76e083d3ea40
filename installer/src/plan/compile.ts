import { createHash } from 'node:crypto';
import type { Catalog } from '#catalog/catalog';
import { Fault } from '#engine/fault';
import type { Unit } from '#engine/run';
import type { Node, Profile } from '#profile/schema';
import type { Circumstances, PhaseFor, Plan } from './plan.ts';

/** Profile + Catalog → Plan. Pure; throws PLAN-INVALID when the phases contradict each other. */
export function compile(
  profile: Profile,
  catalog: Catalog,
  phases: readonly PhaseFor[],
  circumstances: Circumstances = {},
): Plan {
  const nodes = startingOrder(profile.nodes);
  const first = nodes[0] as Node;
  const units = phases.flatMap((phaseFor): readonly Unit[] => {
    const made = (node: Node): Unit => ({
      phase: phaseFor({ ...circumstances, profile, catalog, node }),
      host: node.name,
    });
    const unit = made(first);
    return unit.phase.on === 'each host' ? [unit, ...nodes.slice(1).map(made)] : [unit];
  });
  refuseContradictions(units);
  return { profile, units, digest: digestOf(profile, units) };
}

/** Servers first, and among them in the profile's order: the first one founds the cluster. */
function startingOrder(nodes: readonly Node[]): readonly Node[] {
  const servers = nodes.filter((node) => node.role === 'server');
  return [...servers, ...nodes.filter((node) => node.role !== 'server')];
}

function refuseContradictions(units: readonly Unit[]): void {
  const known = new Set<string>();
  const steps = new Set<string>();
  for (const { phase, host } of units) {
    for (const need of phase.needs)
      if (!known.has(need)) throw invalid(`phase ${phase.id} needs ${need}, which does not come before it`);
    for (const step of phase.steps) {
      if (!step.id.startsWith(`${phase.id}/`))
        throw invalid(`step ${step.id} is not named after its phase ${phase.id}`);
      if (steps.has(`${host} ${step.id}`)) throw invalid(`step ${step.id} is there twice on ${host}`);
      for (const need of step.needs ?? [])
        if (!steps.has(`${host} ${need}`))
          throw invalid(`step ${step.id} needs ${need}, which does not come before it`);
      steps.add(`${host} ${step.id}`);
    }
    known.add(phase.id);
  }
}

function invalid(message: string): Fault {
  return new Fault({ code: 'PLAN-INVALID', message, remedy: ['report this: it is a mistake in Novasphere'] });
}

function digestOf(profile: Profile, units: readonly Unit[]): string {
  const steps = units.map(({ phase, host }) => [host, phase.id, phase.steps.map((step) => step.id)]);
  return createHash('sha256')
    .update(JSON.stringify([profile, steps]))
    .digest('hex');
}
