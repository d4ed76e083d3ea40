/** What a path of the API means. */
export interface Route {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  /** What follows the subresource, as in `…/proxy/metrics`. */
  readonly rest?: string;
}

/** Undefined for what is no resource path. */
export function route(path: string): Route | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const [root, one, two] = parts;
  if (root === 'api' && one !== undefined) return resource('', one, parts.slice(2));
  if (root === 'apis' && one !== undefined && two !== undefined) return resource(one, two, parts.slice(3));
  return undefined;
}

const ofNamespace = ['status', 'finalize'];

function resource(group: string, version: string, parts: readonly string[]): Route | undefined {
  const [first, namespace, third = ''] = parts;
  if (first === undefined) return undefined;
  const inNamespace = first === 'namespaces' && namespace !== undefined && third !== '';
  if (!inNamespace || (group === '' && parts.length === 3 && ofNamespace.includes(third))) {
    return named({ group, version, plural: first }, parts.slice(1));
  }
  return named({ group, version, plural: third, namespace }, parts.slice(3));
}

function named(route: Route, [name, subresource, ...rest]: readonly string[]): Route {
  return {
    ...route,
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
    ...(rest.length === 0 ? {} : { rest: rest.join('/') }),
  };
}
