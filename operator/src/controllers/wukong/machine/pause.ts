import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../../api/wukong.ts';
import { runStrategyOf } from './run-strategy.ts';

/** What has to be asked of KubeVirt so that the instance is paused, or goes on, as the switch says. */
export function pauseWanted(wukong: Wukong, vmi: KubeObject | undefined): 'pause' | 'unpause' | undefined {
  if (vmi?.['status']?.phase !== 'Running' || vmi.metadata.deletionTimestamp !== undefined) return undefined;
  const conditions: readonly Json[] = vmi['status'].conditions ?? [];
  const paused = conditions.find((one) => one.type === 'Paused' && one.status === 'True');
  const { power } = wukong.spec;
  if (power === 'Paused') return paused === undefined ? 'pause' : undefined;
  // What KubeVirt itself has paused, for a full disk or a migration, would not go on for being told to.
  const isByRequest = paused?.reason === 'PausedByUser';
  const isOurs = power === 'On' || (power === undefined && runStrategyOf(wukong) !== 'Manual');
  return isByRequest && isOurs ? 'unpause' : undefined;
}
