import { Fault } from '#engine/fault';
import { flow } from './wording.ts';

/** A device with the reasons for which a selector does not pick it; none: it fits. */
export interface Candidate<Device> {
  readonly device: Device;
  readonly fits: boolean;
  readonly reasons: readonly string[];
}

/** What a selector picked, or why it picked nothing. */
export type Picked<Device> = { readonly chosen: Device } | { readonly fault: Fault };

/** How a kind of device is told about. */
export interface Kind<Device> {
  readonly noun: 'disk' | 'network card';
  /** What names one of them exactly: `serial, wwn or byId`. */
  readonly keys: string;
  /** `/dev/sda (SAMSUNG MZ7L31T9, 1.7 TiB, serial S5XANX0N900123)` */
  tell(device: Device): string;
  /** The selector that would pick this one alone among the others, where there is one. */
  single(device: Device, among: readonly Device[]): string | undefined;
  /** What it means, and what to do, when nothing tells the devices apart. */
  readonly alike: { readonly cause: string; readonly remedy: readonly [string, ...string[]] };
}

/** Takes the one candidate that fits; no other number will do. */
export function pick<Device>(
  match: object,
  candidates: readonly Candidate<Device>[],
  kind: Kind<Device>,
): Picked<Device> {
  const fitting = candidates.filter(({ fits }) => fits).map(({ device }) => device);
  const [chosen] = fitting;
  if (chosen === undefined) return { fault: none(match, candidates, kind) };
  return fitting.length === 1 ? { chosen } : { fault: ambiguous(match, fitting, kind) };
}

function none<Device>(match: object, candidates: readonly Candidate<Device>[], kind: Kind<Device>): Fault {
  const seen = candidates.map(({ device, reasons }) => `${kind.tell(device)}: ${reasons.join('; ')}`);
  return new Fault({
    code: 'MATCH-NONE',
    message: `no ${kind.noun} fits ${flow(match)}`,
    evidence: seen.length === 0 ? [`this machine shows no ${kind.noun} at all`] : seen,
    // Offering one of those that do not fit could offer the wrong disk: which one is meant is for a person to say.
    remedy: [
      'novasphere match PROFILE          every device of this machine, and why it is not picked',
      `put the ${kind.keys} of the right one into match, or plug it in`,
    ],
  });
}

function ambiguous<Device>(match: object, fitting: readonly Device[], kind: Kind<Device>): Fault {
  const offers = fitting.flatMap((device) => kind.single(device, fitting) ?? []).slice(0, 3);
  const [first, ...more] = offers.map((offer) => `pick one of them: match: ${offer}`);
  return new Fault({
    code: 'MATCH-AMBIGUOUS',
    message: `${fitting.length} ${kind.noun}s fit ${flow(match)}, and exactly one must`,
    ...(first === undefined ? { cause: kind.alike.cause } : {}),
    evidence: fitting.map((device) => kind.tell(device)).sort(),
    remedy: first === undefined ? kind.alike.remedy : [first, ...more],
  });
}
