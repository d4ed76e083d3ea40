import type { Json } from '#kube/json';
import { amounts } from './amounts.ts';
import { change, fill } from './fill.ts';

export function claimDefaults(object: Json): Json {
  const spec = (one: Json) =>
    fill(
      change(one, 'resources', (resources) => change(resources, 'requests', amounts)),
      { volumeMode: 'Filesystem' },
    );
  return fill(change(object, 'spec', spec), { status: { phase: 'Pending' } });
}

export function claimTemplate(one: Json): Json {
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claimDefaults(one) };
}

export function volumeDefaults(object: Json): Json {
  const read = change(object, 'spec', (spec) => change(spec, 'capacity', amounts));
  return fill(read, {
    spec: { volumeMode: 'Filesystem', persistentVolumeReclaimPolicy: 'Retain' },
    status: { phase: 'Pending' },
  });
}
