import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { bridgeAnnotation, capturedUplink, isOperators } from './policy.ts';
import type { NetworkSettings } from './seen.ts';

/** What the end of a policy depends on. */
export interface RemovalSeen {
  readonly settings: Pick<NetworkSettings, 'nmstate'>;
  readonly deletionPolicy: 'retain' | 'remove';
  readonly policy: KubeObject | undefined;
  /** Wukongs other than the one that goes, by a live list, that want the bridge. */
  readonly otherUsers: number;
}

/** The next step; a step that is done gives the one after it. */
export type PolicyRemoval =
  | { readonly step: 'leave' }
  | { readonly step: 'apply'; readonly object: KubeObject }
  | { readonly step: 'wait'; readonly message: string }
  | { readonly step: 'delete'; readonly name: string };

/** To delete a policy leaves the host as it is, so the bridge is taken away first. */
export function policyRemoval({ settings, deletionPolicy, policy, otherUsers }: RemovalSeen): PolicyRemoval {
  if (!settings.nmstate || deletionPolicy === 'retain' || otherUsers > 0) return { step: 'leave' };
  if (policy === undefined || !isOperators(policy)) return { step: 'leave' };
  // The node is reached through this bridge: nothing that runs by itself takes it away.
  if (capturedUplink(policy) !== undefined) return { step: 'leave' };
  const interfaces: readonly Json[] = policy['spec']?.desiredState?.interfaces ?? [];
  if (interfaces.some((one) => one.state !== 'absent'))
    return { step: 'apply', object: withoutBridge(policy, interfaces) };
  const { name } = policy.metadata;
  const conditions: readonly Json[] = policy['status']?.conditions ?? [];
  if (conditions.some((one) => one.reason === 'NoMatchingNode')) return { step: 'delete', name };
  if (conditions.some(isTrue('Degraded')))
    return {
      step: 'wait',
      message: `NMState could not take the bridge of the policy ${name} away; delete the policy by hand`,
    };
  if (conditions.some(isTrue('Available'))) return { step: 'delete', name };
  return { step: 'wait', message: `NMState is taking the bridge of the policy ${name} away` };
}

/** The bridge that a policy of the operator is for. */
export function bridgeOfPolicy({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[bridgeAnnotation];
}

function withoutBridge({ apiVersion, kind, metadata, ...rest }: KubeObject, interfaces: readonly Json[]): KubeObject {
  const { name, labels, annotations } = metadata;
  const absent = interfaces.map((one) => ({ name: one.name, type: one.type, state: 'absent' }));
  return {
    apiVersion,
    kind,
    metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) },
    // What is left out of an apply is taken away: without its selector the policy would be for every node.
    spec: { ...rest['spec'], desiredState: { interfaces: absent } },
  };
}

function isTrue(type: string): (condition: Json) => boolean {
  return (one) => one.type === type && one.status === 'True';
}
