import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { Json } from '#kube/json';
import { platformCrd } from '#simulation/doubles/platform-crd';
import type { ExplainBed } from './bed.ts';

const upstream = join(import.meta.dirname, '../../../shared/upstream');
const ours = join(import.meta.dirname, '../../manifests/operator/crds.yaml');

/** The kinds that cases make, by group, version and scope. */
const kinds = [
  ['longhorn.io', 'v1beta2', ['Node', 'Volume', 'EngineImage'], false],
  ['k8s.cni.cncf.io', 'v1', ['NetworkAttachmentDefinition'], false],
  ['nmstate.io', 'v1', ['NMState', 'NodeNetworkConfigurationPolicy'], true],
  ['nmstate.io', 'v1beta1', ['NodeNetworkState', 'NodeNetworkConfigurationEnactment'], true],
  [
    'kubevirt.io',
    'v1',
    ['KubeVirt', 'VirtualMachine', 'VirtualMachineInstance', 'VirtualMachineInstanceMigration'],
    false,
  ],
  ['cdi.kubevirt.io', 'v1beta1', ['CDI'], true],
  ['cdi.kubevirt.io', 'v1beta1', ['DataVolume'], false],
  ['cert-manager.io', 'v1', ['Certificate', 'Issuer'], false],
  ['cert-manager.io', 'v1', ['ClusterIssuer'], true],
] as const;

/** The definitions of all kinds that cases make: those of upstream, so that no case tells of fields that are not. */
export function definitions(): readonly Json[] {
  const found = existsSync(upstream) ? upstreamDefinitions() : [];
  const has = (group: string, kind: string) =>
    found.some(({ spec }) => spec.group === group && spec.names.kind === kind);
  const open = kinds.flatMap(([group, versions, names, cluster]) =>
    names
      .filter((kind) => !has(group, kind))
      .map((kind) => platformCrd({ kind, group, versions: `${versions}*`, status: true, ...(cluster && { cluster }) })),
  );
  return [...found, ...open, ...definitionsIn(ours)];
}

function upstreamDefinitions(): readonly Json[] {
  const wanted = new Set(kinds.flatMap(([group, , names]) => names.map((kind) => `${group}/${kind}`)));
  const files = readdirSync(upstream, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file));
  const all = files.flatMap((file) => definitionsIn(join(upstream, file)));
  const asked = all.filter(({ spec }) => wanted.has(`${spec.group}/${spec.names.kind}`));
  return [...new Map(asked.map((one) => [one.metadata.name, one])).values()];
}

function definitionsIn(file: string): readonly Json[] {
  const text = readFileSync(file, 'utf8');
  if (!text.includes('CustomResourceDefinition')) return [];
  return (loadAll(text) as Json[]).filter((one) => one?.kind === 'CustomResourceDefinition');
}

/** Brings all of them to a cluster and waits until they are served. */
export async function define({ client, clock }: ExplainBed): Promise<void> {
  for (const definition of definitions()) await client.apply(definition, { force: true });
  for (const { spec } of definitions())
    for (
      let left = 100;
      !(await client.serves(`${spec.group}/${spec.versions.at(-1).name}`, spec.names.kind));
      left--
    ) {
      if (left === 0) throw new Error(`${spec.names.kind} is not served`);
      await clock.sleep(100);
    }
}
