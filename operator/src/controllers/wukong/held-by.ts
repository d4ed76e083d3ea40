import type { KubeObject } from '#kube/object';

const shutsDown = 'the guest is still shutting down, or its node does not answer';
/** What the user can do about the finalizers that he meets most often. */
const known: Readonly<Record<string, string>> = {
  'kubernetes.io/pvc-protection': 'a pod still uses it',
  'kubevirt.io/virtualMachineControllerFinalize': 'KubeVirt is still busy with it',
  'kubevirt.io/foregroundDeleteVirtualMachine': shutsDown,
  // As older releases of KubeVirt call it.
  foregroundDeleteVirtualMachine: shutsDown,
};

/** What still keeps an object whose end has been asked for: `, held by x (a pod still uses it)`. */
export function heldBy({ metadata }: KubeObject): string {
  const { finalizers = [], deletionTimestamp } = metadata;
  if (deletionTimestamp === undefined || finalizers.length === 0) return '';
  const told = finalizers.map((one) => (known[one] === undefined ? one : `${one} (${known[one]})`));
  return `, held by ${told.join(', ')}`;
}
