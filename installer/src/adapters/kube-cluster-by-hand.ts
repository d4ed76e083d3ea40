import { StatusError } from '#kube/status-error';
import { contestedFields } from './kube-cluster-conflict.ts';

/**
 * What kubectl calls itself when somebody changes an object with it at hand: `kubectl edit`, `patch`, `set`, `label`,
 * `annotate`, `replace`, `scale`, `rollout`. Whoever applies a manifest (`kubectl`, `kubectl-client-side-apply`) declares
 * something, as any other program does, and is not overruled. What we have changed ourselves by a merge is ours as well.
 */
const byHand = /conflict with "(kubectl-(?!client-side-apply\b)[a-z-]+|novasphere-installer)"/;

/** Whether nobody but people at a keyboard, and we ourselves, own the fields that an apply was refused for. */
export function isByHand(error: unknown): boolean {
  if (!(error instanceof StatusError)) return false;
  const contested = contestedFields(error);
  return contested.length > 0 && contested.every(({ message = '' }) => byHand.test(message));
}
