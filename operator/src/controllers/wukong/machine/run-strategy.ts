import type { Wukong } from '../../../api/wukong.ts';

export type RunStrategy = 'Always' | 'Halted' | 'Manual' | 'RerunOnFailure' | 'Once';

const restarts = { Always: 'Always', OnFailure: 'RerunOnFailure', Never: 'Once' } as const;

/** One switch decides whether the machine runs; what it does when it has ended is said by strategy, then by policy. */
export function runStrategyOf({ spec }: Wukong): RunStrategy {
  const { power, startStrategy, highAvailability } = spec;
  if (power === 'Off') return 'Halted';
  if (startStrategy?.runStrategy !== undefined) return startStrategy.runStrategy;
  // autoStart speaks of the beginning alone: a switch that is set wins, and without one starting is left to people.
  if (startStrategy?.autoStart === false && power === undefined) return 'Manual';
  return restarts[highAvailability?.restartPolicy ?? 'Always'];
}
