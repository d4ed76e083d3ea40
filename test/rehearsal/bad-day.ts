import type { Entry } from '#ports/journal';
import { faultScreen } from '#report/fault-screen';
import type { RehearsedRun } from '#world/rehearsal';
import type { SimulatedWorld } from '#world/simulated';
import { root, type StageOptions, stage } from '../fixtures/rehearsed.ts';

/** What a rehearsal with a mishap showed, and how it ended once that was mended. */
export interface BadDay {
  /** What a person reads at the fault, without what differs from one rehearsal to the next. */
  readonly screen: string;
  readonly exitCode: number;
  /** Simulated seconds from the mishap to the fault. */
  readonly seconds: number;
  /** What was taken back after the fault. */
  readonly undone: readonly string[];
  /** How the last run ended, all having been mended. */
  readonly end: Pick<RehearsedRun, 'outcome' | 'exitCode'>;
  readonly runs: readonly RehearsedRun[];
  readonly world: SimulatedWorld;
}

/** Rehearses a profile with mishaps, and with the next runs that follow when what was broken has been mended. */
export async function badDay(
  mishaps: string | readonly string[],
  profile = 'single-node',
  about: StageOptions = {},
): Promise<BadDay> {
  const { world, play } = await stage(profile, about);
  const runs = await play({ mishaps: [mishaps].flat(), resume: true });
  world.close();
  if (world.crash !== undefined) throw world.crash;
  const run = runs.find(({ faults }) => faults.length > 0);
  const last = runs.at(-1);
  if (last === undefined) throw new Error('nothing was played');
  return {
    screen: screenOf(run),
    exitCode: run?.exitCode ?? 0,
    seconds: run === undefined ? 0 : secondsIn(run.entries),
    undone: run?.entries.flatMap((entry) => (entry.event === 'undone' ? [entry.because] : [])) ?? [],
    end: { outcome: last.outcome, exitCode: last.exitCode },
    runs,
    world,
  };
}

export const converged = { outcome: 'done', exitCode: 0 } as const;

export function screenOf(run: RehearsedRun | undefined): string {
  const [fault] = run?.faults ?? [];
  return fault === undefined ? 'no fault' : `${fault.code}\n${steady(faultScreen(fault.record()))}`;
}

function secondsIn(entries: readonly Entry[]): number {
  const struck = entries.find((entry) => entry.event === 'note' && entry.text.startsWith('mishap '));
  const failed = entries.find(({ event }) => event === 'failed');
  return (Date.parse(failed?.at ?? '') - Date.parse(struck?.at ?? '')) / 1000;
}

/** Names of pods, addresses and times come from chance and from how long things took. */
function steady(text: string): string {
  return text
    .replaceAll(`${root}/`, '')
    .replaceAll(/-[0-9a-f]{8}-[a-z0-9]{5}\b/g, '-xxxxxxxx-xxxxx')
    .replaceAll(/\b(virt-handler|longhorn-manager|virt-launcher-[a-z-]+)-[a-z0-9]{5}\b(?!-)/g, '$1-xxxxx')
    .replaceAll(/\b10\.4[23]\.\d+\.\d{2,3}\b(?<!10\.43\.0\.10)/g, '10.4x.x.x')
    .replaceAll(/\b\d\d:\d\d UTC/g, 'hh:mm UTC')
    .replaceAll(/T\d\d:\d\d:\d\dZ/g, 'Thh:mm:ssZ');
}
