import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';

/** Changes one object of a manifest; it gets a copy that it may write to. */
export interface Patch {
  readonly kind: string;
  readonly name: string;
  /** Why, for whoever reads the phase. */
  readonly why: string;
  change(object: Json): void;
}

/** For a site on which a second copy would have no node of its own. */
export function oneReplica(name: string, why: string): Patch {
  return {
    kind: 'Deployment',
    name,
    why,
    change(deployment) {
      deployment.spec.replicas = 1;
    },
  };
}

/** The objects with all patches in them. A patch that finds nothing to patch is a mistake: the manifest has changed. */
export function patched(objects: readonly KubeObject[], ...patches: readonly Patch[]): readonly KubeObject[] {
  for (const { kind, name } of patches)
    if (!objects.some((one) => one.kind === kind && one.metadata.name === name))
      throw new Error(`there is no ${kind} ${name} to patch: the manifest is another one than the patch was made for`);
  return objects.map((object) => {
    const wanted = patches.filter(({ kind, name }) => kind === object.kind && name === object.metadata.name);
    if (wanted.length === 0) return object;
    const copy = structuredClone(object);
    for (const patch of wanted) patch.change(copy);
    return copy;
  });
}

/** Sets an environment variable of a container, in place. */
export function setEnvironment(container: Json, name: string, value: string): void {
  const others = (container.env ?? []).filter((one: Json) => one.name !== name);
  container.env = [...others, { name, value }];
}

/** The container of that name of a Deployment or DaemonSet. */
export function containerOf(workload: Json, name: string): Json {
  const { containers, initContainers = [] } = workload.spec.template.spec;
  const found = [...containers, ...initContainers].find((one: Json) => one.name === name);
  if (found === undefined) throw new Error(`${workload.kind} ${workload.metadata.name} has no container ${name}`);
  return found;
}
