import { closest } from '#engine/closest';
import { Fault } from '#engine/fault';
import type { Plan } from '#plan/plan';
import { type Mishap, mishaps } from '#simulation/mishaps';

/** A mishap and where it strikes: a phase or a step. */
export interface PlannedMishap {
  readonly mishap: Mishap;
  readonly at: string;
}

const example = 'write  NAME@STEP, for example  --mishap power-cut@multus';

/** `power-cut@multus` → the mishap and where it strikes. Faults with did-you-mean. */
export function plannedMishap(text: string, plan: Plan): PlannedMishap {
  const [, name = text, given] = /^([^@]*)@(.*)$/s.exec(text) ?? [];
  const mishap = mishaps.find((one) => one.name === name);
  if (mishap === undefined) throw unknownName(name, given);
  const phases = plan.units.map(({ phase }) => phase).filter(({ steps }) => steps.length > 0);
  const places = new Set(phases.flatMap(({ id, steps }) => [id, ...steps.map((step) => step.id)]));
  const at = given ?? mishap.at;
  if (places.has(at)) return { mishap, at };
  throw given === undefined ? unplanned(mishap, [...places]) : unknownPlace(mishap, at, [...places]);
}

function unknownName(name: string, at: string | undefined): Fault {
  const names = mishaps.map((one) => one.name);
  const near = closest(name, names);
  const width = Math.max(...names.map((one) => one.length));
  return new Fault({
    code: 'MISHAP-UNKNOWN',
    message: name === '' ? 'which mishap?' : `there is no mishap called “${name}”`,
    evidence: mishaps.map((one) => `${one.name.padEnd(width)}  ${one.summary}`),
    remedy: near === undefined ? [example] : [`did you mean  --mishap ${near}${at === undefined ? '' : `@${at}`}`],
  });
}

function unknownPlace({ name }: Mishap, at: string, places: readonly string[]): Fault {
  const near = closest(at, places);
  const [phase = ''] = at.split('/');
  const steps = places.filter((place) => place.startsWith(`${phase}/`));
  return new Fault({
    code: 'MISHAP-UNKNOWN',
    message: `this profile's plan has no phase or step called “${at}”`,
    evidence: [phasesIn(places), ...(steps.length === 0 ? [] : [`steps of ${phase}: ${steps.join(', ')}`])],
    remedy: near === undefined ? [example] : [`did you mean  --mishap ${name}@${near}`],
  });
}

function unplanned({ name, at }: Mishap, places: readonly string[]): Fault {
  return new Fault({
    code: 'MISHAP-UNKNOWN',
    message: `${name} strikes at ${at}, and this profile's plan has nothing of that name`,
    evidence: [phasesIn(places)],
    remedy: [`name another phase or step:  --mishap ${name}@${places[0] ?? 'STEP'}`],
  });
}

function phasesIn(places: readonly string[]): string {
  return `phases: ${places.filter((place) => !place.includes('/')).join(', ')}`;
}
