import { signature } from '#diagnosis/signatures';
import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import { nameOf } from './object-name.ts';
import { ownerOf } from './pod-owner.ts';

/** A container that the kernel has ended at its memory limit: its log says nothing of that. */
export function outOfMemory(pod: KubeObject, container: string): Fault {
  const spec = pod['spec'].containers.find(({ name }: Json) => name === container);
  const limit: string | undefined = spec?.resources?.limits?.memory;
  const at = limit === undefined ? 'with all memory of the machine in use' : `at its limit of ${limit}`;
  const isMultus = pod.metadata.labels?.['app'] === 'multus';
  const [kind = 'Pod', name = nameOf(pod)] = (ownerOf(pod) ?? nameOf(pod)).split(' ');
  const raise = `kubectl -n ${pod.metadata.namespace} set resources ${kind.toLowerCase()}/${name.replace(/^.*\//, '')} -c ${container} --limits=memory=SIZE`;
  return new Fault({
    code: 'POD-FAILING',
    message: `container ${container} of ${nameOf(pod)} is out of memory: it was ended ${at}`,
    cause: isMultus ? signature(24).cause : 'the kernel ends it when it takes more than it may',
    where: [`object ${nameOf(pod)}`],
    remedy: [`${raise}          more than ${limit ?? 'it has'}`, 'then run the same command again'],
  });
}
