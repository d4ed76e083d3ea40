import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import { type Condition, met, unmet } from './condition.ts';

const annotation = 'storageclass.kubernetes.io/is-default-class';

/** Exactly one StorageClass is the default: with two, the newest wins and nobody knows which that is. */
export function oneDefaultStorageClass(wanted: string): Condition {
  return async (sight) => {
    const classes: readonly Json[] = await sight.cluster.list({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
    });
    const defaults = classes
      .filter((one) => one.metadata.annotations?.[annotation] === 'true')
      .map((one) => one.metadata.name);
    if (defaults.length > 1)
      return unmet(`${defaults.join(' and ')} are both default`, { hopeless: ambiguous(defaults) });
    if (defaults[0] === wanted) return met(`${wanted} is the only default StorageClass`);
    if (defaults.length === 0) return unmet('no StorageClass is the default yet');
    return unmet(`${defaults[0]} is the default StorageClass, ${wanted} is not`);
  };
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
