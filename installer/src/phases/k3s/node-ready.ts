import type { Json } from '#kube/json';
import { type Condition, met, unmet } from '../verbs/condition.ts';
import { nodeTrouble } from '../verbs/node-trouble.ts';
import { Persistence } from '../verbs/persistence.ts';
import { bootOf } from './import-record.ts';

const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];
const unready = ['node.kubernetes.io/not-ready', 'node.cloudprovider.kubernetes.io/uninitialized'];

/**
 * A node is believed only when its kubelet has spoken in this boot: after a restart the API server shows what it knew
 * before for up to 40 s. Its version is the one that was placed.
 */
export function nodeReady(name: string, version: string): Condition {
  const lasting = new Persistence();
  return async ({ host, cluster, now }) => {
    const node: Json = await cluster.get({ apiVersion: 'v1', kind: 'Node', name });
    if (node === undefined) return unmet(`node ${name} has not registered yet`);
    const { conditions = [], nodeInfo = {} } = node.status ?? {};
    if (nodeInfo.bootID !== (await bootOf(host)))
      return unmet(`the kubelet of ${name} has not reported since the machine was started`);
    const of = (type: string): Json => conditions.find((one: Json) => one.type === type);
    const ready = of('Ready');
    if (ready?.status !== 'True') {
      const trouble = nodeTrouble(node, now(), lasting);
      return unmet(trouble.because, trouble);
    }
    const pressed = pressures.filter((type) => of(type)?.status === 'True');
    if (pressed.length > 0) return unmet(`node ${name} has ${pressed.join(', ')}: ${of(pressed[0] ?? '').message}`);
    const taint = (node.spec?.taints ?? []).find((one: Json) => unready.includes(one.key));
    if (taint !== undefined) return unmet(`node ${name} still carries the taint ${taint.key}`);
    if (nodeInfo.kubeletVersion !== version)
      return unmet(`the kubelet of ${name} is ${nodeInfo.kubeletVersion}, wanted is ${version}`);
    return met(`node ${name} is Ready in this boot, kubelet ${version}`);
  };
}
