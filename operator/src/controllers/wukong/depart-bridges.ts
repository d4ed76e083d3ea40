import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../api/wukong.ts';
import { bridgeKeys } from './networks/keys.ts';
import { policyName } from './networks/policy.ts';
import { policyRemoval } from './networks/policy-removal.ts';
import type { Pass } from './pass.ts';
import { kinds } from './sight.ts';

/** Takes away the bridges that were made for this Wukong and that no other one uses, where that is asked for. */
export async function bridgesGone(wukong: Wukong, pass: Pass): Promise<string | undefined> {
  const { settings } = pass;
  if (!settings.nmstate || settings.policies === 'retain') return undefined;
  for (const bridge of bridgeKeys(wukong)) {
    const blocker = await bridgeGone(wukong, bridge, pass);
    if (blocker !== undefined) return blocker;
  }
  return undefined;
}

async function bridgeGone(wukong: Wukong, bridge: string, pass: Pass): Promise<string | undefined> {
  const { client, sight, settings, signal } = pass;
  const policy = sight.get('NodeNetworkConfigurationPolicy', undefined, policyName(bridge));
  if (policy === undefined) return undefined;
  const otherUsers = (await usersOf(bridge, pass)).filter(
    ({ metadata }) => metadata.uid !== wukong.metadata.uid,
  ).length;
  const next = policyRemoval({ settings, deletionPolicy: settings.policies, policy, otherUsers });
  if (next.step === 'leave') return undefined;
  if (next.step === 'wait') return next.message;
  const { apiVersion, kind } = policy;
  if (next.step === 'delete') await client.delete({ apiVersion, kind, name: next.name }, { signal });
  else await client.apply(next.object, { force: true, signal });
  return next.step === 'delete' ? undefined : `NMState is asked to take the bridge ${bridge} away`;
}

/** By the server itself: a Wukong that has come a moment ago must not lose its bridge. */
async function usersOf(bridge: string, { client, signal }: Pass): Promise<readonly KubeObject[]> {
  const { items } = await client.list<Wukong>({ apiVersion: kinds.Wukong, kind: 'Wukong' }, { signal });
  const alive = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return alive.filter((one) => bridgeKeys(one).includes(bridge));
}
