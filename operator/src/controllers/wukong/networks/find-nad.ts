import type { KubeObject } from '#kube/object';
import type { Wukong, WukongNetwork } from '../../../api/wukong.ts';
import { ours } from '../ownership.ts';
import { attachment, nadName } from './attachment.ts';
import { nadRef } from './keys.ts';
import type { NetworksSeen, NetworkTrouble } from './seen.ts';

/** The attachment of a network, or what it still takes to have one. */
export interface NadFinding {
  /** The user's own; what we make is known without looking. */
  readonly found?: KubeObject;
  readonly objects: readonly KubeObject[];
  readonly trouble?: NetworkTrouble;
}

export function findNad(wukong: Wukong, network: WukongNetwork, { serves, nad }: NetworksSeen): NadFinding {
  if (!serves.nad) {
    const message =
      'Multus, which attaches machines to networks other than the pod network, is not installed; install it, or use the network default alone';
    return { objects: [], trouble: { reason: 'MultusNotInstalled', message } };
  }
  const own = nadName(wukong, network);
  const { namespace, name } = nadRef(wukong.metadata.namespace ?? '', network.nadName ?? own);
  const found = nad(namespace, name);
  const called = `the NetworkAttachmentDefinition ${namespace}/${name}`;
  if (network.nadName !== undefined) {
    if (found !== undefined) return { found, objects: [] };
    const message = `${called} is not there; make it, or correct nadName`;
    return { objects: [], trouble: { reason: 'NADNotFound', message } };
  }
  if (found === undefined || ours(wukong.metadata.uid, found) !== undefined)
    return { objects: [attachment(wukong, network)] };
  const message = `${called} is there already and belongs to something else; delete it, or give the network another name`;
  return { objects: [], trouble: { reason: 'NADConflict', message } };
}
