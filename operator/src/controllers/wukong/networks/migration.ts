import type { Wukong } from '../../../api/wukong.ts';
import { isPod } from './keys.ts';

/** Why a machine with these networks cannot be moved to another node while it runs. */
export function migrationHindrance(wukong: Wukong): string | undefined {
  const told = (wukong.spec.networks ?? []).flatMap((network) => {
    if (isPod(network)) return [];
    if (network.type === 'macvlan') return [`network ${network.name}: a macvtap device stays on its node`];
    if (network.ipConfig?.mode !== 'ipam') return [];
    return [`network ${network.name}: ipam gives another address to the pod on another node`];
  });
  return told.length === 0 ? undefined : told.join('; ');
}
