import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { Sight } from '#ports/world';
import { type Condition, met, unmet } from './condition.ts';

const annotation = 'storageclass.kubernetes.io/is-default-class';
/** The name that it had until Kubernetes 1.6, and that still counts. */
const former = 'storageclass.beta.kubernetes.io/is-default-class';

/** Exactly one StorageClass is the default: with two, the newest wins and nobody knows which that is. */
export function oneDefaultStorageClass(wanted: string): Condition {
  return async (sight) => {
    const defaults = await defaultsIn(sight);
    if (defaults.length > 1)
      return unmet(`${defaults.join(' and ')} are both default`, { hopeless: ambiguous(defaults) });
    if (defaults[0] === wanted) return met(`${wanted} is the only default StorageClass`);
    if (defaults.length === 0) return unmet('no StorageClass is the default yet');
    return unmet(`${defaults[0]} is the default StorageClass, ${wanted} is not`);
  };
}

/** Why a class must not become the default yet: another one is, of which somebody may make use. Undefined when none is. */
export async function otherDefault(sight: Sight, wanted: string): Promise<Fault | undefined> {
  const others = (await defaultsIn(sight)).filter((name) => name !== wanted);
  const [first] = others;
  if (first === undefined) return undefined;
  return new Fault({
    code: 'STORAGE-CLASS-AMBIGUOUS',
    message: `StorageClass ${others.join(' and ')} is the default of this cluster, and ${wanted} would become a second one`,
    cause: 'with more than one default the newest wins, so a volume may lie anywhere',
    where: others.map((name) => `object StorageClass ${name}`),
    remedy: [
      `kubectl annotate storageclass ${first} ${annotation}=false --overwrite          volumes that are there keep their class`,
      'then run the same command again',
    ],
  });
}

async function defaultsIn({ cluster }: Pick<Sight, 'cluster'>): Promise<readonly string[]> {
  const classes: readonly Json[] = await cluster.list({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' });
  const isDefault = ({ metadata }: Json) =>
    [annotation, former].some((name) => metadata.annotations?.[name] === 'true');
  return classes.filter(isDefault).map(({ metadata }) => metadata.name);
}

function ambiguous(names: readonly string[]): Fault {
  const other = names.find((name) => name !== 'longhorn') ?? names[0];
  return new Fault({
    code: 'STORAGE-CLASS-AMBIGUOUS',
    message: `${names.length} StorageClasses are the default: ${names.join(', ')}`,
    cause: 'with more than one default the newest wins, so a volume may lie anywhere',
    where: names.map((name) => `object StorageClass ${name}`),
    remedy: [`kubectl annotate storageclass ${other} ${annotation}=false --overwrite`],
  });
}
