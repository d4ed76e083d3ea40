import type { Resource } from './discovery.ts';

/** `/apis/apps/v1/namespaces/x/deployments`; without a namespace all of them. */
export function collectionPath(resource: Resource, namespace?: string): string {
  const { path, plural, namespaced } = resource;
  const place = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${path}${place}/${plural}`;
}

/** The path of one object; a namespaced object without a namespace is in `default`, as kubectl has it. */
export function objectPath(
  resource: Resource,
  { namespace, name }: { readonly namespace?: string; readonly name: string },
  subresource?: string,
): string {
  const collection = collectionPath(resource, namespace ?? 'default');
  return `${collection}/${encodeURIComponent(name)}${subresource === undefined ? '' : `/${subresource}`}`;
}

/** The group of an apiVersion; empty for the core. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** What the CustomResourceDefinition of a resource is named, if it has one. */
export function definitionName({ plural, apiVersion }: Resource): string {
  return `${plural}.${groupOf(apiVersion)}`;
}
