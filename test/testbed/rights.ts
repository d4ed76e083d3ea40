import type { Json } from '#kube/json';
import type { AuditLine } from './audit.ts';

/** A right as `update leases.coordination.k8s.io` or `update virtualmachineinstances.subresources.kubevirt.io/pause`. */
type Right = string;

/** What a role or a ClusterRole allows, each right once; those for objects by name are not told apart from the others. */
export function grantedBy({ rules }: Json): readonly Right[] {
  const all = rules.flatMap(({ apiGroups, resources, verbs }: Json) =>
    apiGroups.flatMap((group: string) =>
      resources.flatMap((resource: string) => verbs.map((verb: string) => rightOf(verb, group, resource))),
    ),
  );
  return [...new Set<Right>(all)].toSorted();
}

/** Which rights a request has made use of; none for what needs no role, such as discovery. */
export function usedBy({ verb, uri, code }: AuditLine): readonly Right[] {
  const found = resourceIn(new URL(uri, 'https://x').pathname);
  if (found === undefined || code === 403) return [];
  const used = rightOf(verb, found.group, found.resource);
  // What is applied and was not there before is made: the API server asks for both.
  return verb === 'patch' && code === 201 ? [used, rightOf('create', found.group, found.resource)] : [used];
}

function rightOf(verb: string, group: string, resource: string): Right {
  const [plural, subresource] = resource.split('/');
  const place = group === '' ? plural : `${plural}.${group}`;
  return subresource === undefined ? `${verb} ${place}` : `${verb} ${place}/${subresource}`;
}

/** Takes `/apis/GROUP/VERSION/namespaces/NAMESPACE/PLURAL/NAME/SUBRESOURCE` apart. */
function resourceIn(path: string): { readonly group: string; readonly resource: string } | undefined {
  const found = /^\/(?:api|apis\/(?<group>[^/]+))\/v[^/]+\/(?:namespaces\/[^/]+\/)?(?<rest>.+)$/.exec(path)?.groups;
  if (found === undefined) return undefined;
  const { group = '', rest = '' } = found;
  const [plural = '', , subresource] = rest.split('/');
  return { group, resource: subresource === undefined ? plural : `${plural}/${subresource}` };
}
