import { loadAll } from 'js-yaml';
import type { Component } from '#catalog/catalog';
import { Fault } from '#engine/fault';
import type { Bundle } from '#ports/bundle';
import type { KubeObject } from '#ports/cluster';

/** One bundle is read by many steps, twice each: parsing megabytes of YAML is what costs. */
const parsed = new WeakMap<Bundle, Map<string, Promise<readonly KubeObject[]>>>();

/** The objects of every manifest of a component, in the order of the catalog. */
export async function manifestsOf(bundle: Bundle, component: Component): Promise<readonly KubeObject[]> {
  const paths = component.assets.map(({ path }) => path).filter((path) => /\.ya?ml$/.test(path));
  return (await Promise.all(paths.map((path) => objectsIn(bundle, path)))).flat();
}

/** The objects of one manifest of the bundle; parsed once. */
export function objectsIn(bundle: Bundle, path: string): Promise<readonly KubeObject[]> {
  const known = parsed.get(bundle) ?? new Map<string, Promise<readonly KubeObject[]>>();
  parsed.set(bundle, known);
  const before = known.get(path);
  if (before !== undefined) return before;
  const objects = bundle.text(path).then((text) => parse(text, path, bundle.place));
  known.set(path, objects);
  objects.catch(() => known.delete(path));
  return objects;
}

function parse(text: string, path: string, place: string): readonly KubeObject[] {
  try {
    // A document of comments alone is null, and so is what follows a last `---`.
    return loadAll(text).filter((one): one is KubeObject => one !== null && one !== undefined);
  } catch (error) {
    throw new Fault({
      code: 'BUNDLE-INVALID',
      message: `${path} is not YAML`,
      cause: error instanceof Error ? error.message.split('\n')[0] : error,
      where: [`bundle ${place}`],
      remedy: [`novasphere plan PROFILE --bundle ${place}  reads every file again`, 'copy the bundle again'],
    });
  }
}
