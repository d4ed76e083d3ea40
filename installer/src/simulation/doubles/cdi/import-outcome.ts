import type { Json } from '#kube/json';
import type { Bench, Machine } from '../../bench.ts';

/** Where k3s is told that containers may open the devices of their own volumes. */
function devicesAreOwned(machine: Machine): boolean {
  const folder = '/etc/rancher/k3s/config.yaml.d';
  const paths = [
    '/etc/rancher/k3s/config.yaml',
    ...machine.list(folder).map((name) => (name.startsWith('/') ? name : `${folder}/${name}`)),
  ];
  const texts = paths.map((path) => machine.read(path)).filter((text) => text !== undefined);
  return texts.length === 0 || texts.some((text) => /^nonroot-devices:\s*["']?true/m.test(text));
}

function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/:]+)/.exec(url)?.[1] ?? url;
}

/** Why an importer on a machine cannot do its work; undefined when it can. A rehearsal has no network beyond its machines. */
export function importProblem(bench: Bench, volume: Json, claim: Json, node: string | undefined): string | undefined {
  const machine = bench.machines.find((one) => one.name === node);
  const { source = {} } = volume.spec;
  const denied = machine !== undefined && (bench.troubles.has('block-device-denied') || !devicesAreOwned(machine));
  if (claim.spec.volumeMode === 'Block' && denied) {
    return 'Unable to process data: blockdev: cannot open /dev/cdi-block-volume: Permission denied';
  }
  if (source.registry !== undefined && source.registry.pullMethod !== 'node') {
    const host = hostOf(source.registry.url ?? '');
    return `Unable to process data: Failed to read registry image: Could not create image reference: error pinging docker registry ${host}: Get "https://${host}/v2/": dial tcp: lookup ${host}: no such host`;
  }
  if (source.http === undefined) return undefined;
  const host = hostOf(source.http.url);
  return `Unable to connect to http data source: HTTP request errored: Head "${source.http.url}": dial tcp: lookup ${host}: no such host`;
}
