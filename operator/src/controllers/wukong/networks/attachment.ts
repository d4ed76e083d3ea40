import type { KubeObject } from '#kube/object';
import type { Wukong, WukongNetwork } from '../../../api/wukong.ts';
import { childMeta } from '../child-meta.ts';
import { cniConfig } from './cni-config.ts';
import { bridgeOf } from './keys.ts';

const resourceName = 'k8s.v1.cni.cncf.io/resourceName';

export function nadName(wukong: Wukong, { name }: { readonly name: string }): string {
  return `${wukong.metadata.name}-${name}-nad`;
}

/** The NetworkAttachmentDefinition of a network that names none. */
export function attachment(wukong: Wukong, network: WukongNetwork): KubeObject {
  const name = nadName(wukong, network);
  const resource = resourceOf(network);
  const metadata = childMeta(wukong, name, { 'vm.novasphere.dev/network': network.name });
  return {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { ...metadata, ...(resource === undefined ? {} : { annotations: { [resourceName]: resource } }) },
    spec: { config: cniConfig(name, network) },
  };
}

/** What a node must have free for a pod with this attachment. */
function resourceOf(network: WukongNetwork): string | undefined {
  if (network.type === 'sriov') return network.resourceName;
  if (network.type === 'macvlan') return `macvtap.network.kubevirt.io/${network.physicalInterface}`;
  return network.type === 'ovs' ? `ovs-cni.network.kubevirt.io/${bridgeOf(network)}` : undefined;
}
