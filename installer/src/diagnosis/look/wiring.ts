import type { Json } from '#kube/json';
import { objectName } from '../names.ts';
import { signature } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { known, rank, type Trouble } from '../trouble.ts';

const networks = 'k8s.v1.cni.cncf.io/networks';

/** How a machine is wired to networks, where that cannot work. */
export function wiring(vmi: Json, seen: Survey): readonly Trouble[] {
  return [...onMacvlan(vmi, seen), ...byHand(vmi)];
}

/** A bridge to an attachment whose plugin lets only one address through: it never fails, and it never works. */
function onMacvlan(vmi: Json, seen: Survey): readonly Trouble[] {
  const { namespace, name } = vmi.metadata;
  const interfaces: readonly Json[] = vmi.spec?.domain?.devices?.interfaces ?? [];
  const attached: readonly Json[] = vmi.spec?.networks ?? [];
  return attached.flatMap(({ name: network, multus }) => {
    const isBridge = interfaces.some((one) => one.name === network && one.bridge !== undefined);
    if (!isBridge || multus === undefined) return [];
    const [place = namespace, attachment] = multus.networkName.includes('/')
      ? multus.networkName.split('/')
      : [namespace, multus.networkName];
    const definition = seen
      .of('NetworkAttachmentDefinition')
      .find(({ metadata }) => metadata.namespace === place && metadata.name === attachment);
    const type = /"type"\s*:\s*"(macvlan|ipvlan)"/.exec(definition?.spec?.config ?? '')?.[1];
    if (type === undefined) return [];
    const about = {
      key: `${objectName(vmi)} network ${network}`,
      object: objectName(definition),
      name: `VM ${namespace}/${name}`,
      rank: rank.machine,
      code: 'NETWORK-BROKEN' as const,
      message: `the machine ${namespace}/${name} is bridged to ${place}/${attachment}, which is ${type}`,
    };
    return [{ ...known(about, signature(28), { namespace: place, name: attachment }), advice: true as const }];
  });
}

/** The annotation is KubeVirt's to write; set by hand it keeps a machine from starting. */
function byHand(vmi: Json): readonly Trouble[] {
  const { namespace, name, annotations = {} } = vmi.metadata;
  if (annotations[networks] === undefined || vmi.status?.phase === 'Running') return [];
  const about = {
    key: `${objectName(vmi)} annotation`,
    object: objectName(vmi),
    name: `VM ${namespace}/${name}`,
    rank: rank.machine,
    code: 'COMPONENT-FAILED' as const,
    message: `the machine ${namespace}/${name} does not start, and carries an annotation that is KubeVirt's own`,
    evidence: [`annotation ${networks}: ${annotations[networks]}`],
  };
  return [known(about, signature(29), { namespace, name })];
}
