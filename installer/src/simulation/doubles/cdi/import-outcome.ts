import type { Json } from '#kube/json';
import type { Bench, Machine, Trouble } from '../../bench.ts';
import { quantity } from '../quantity.ts';

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

/** A name that the machine itself was told of, in its hosts file: the one network that a rehearsal has. */
function isKnown(machine: Machine | undefined, host: string): boolean {
  const lines = (machine?.read('/etc/hosts') ?? '')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/));
  return lines.some(([, ...names]) => names.includes(host));
}

/** What goes wrong on purpose, in the importer's words. */
const failures: readonly (readonly [trouble: Trouble, message: (source: Json, claim: Json) => string])[] = [
  ['import-unreachable', (source) => refused(source, `dial tcp 10.7.0.99:443: connect: connection refused`)],
  ['import-denied', (source) => refused(source, 'expected status code 200, got 401. Status: 401 Unauthorized')],
  ['import-missing', (source) => refused(source, 'expected status code 200, got 404. Status: 404 Not Found')],
  [
    'import-checksum',
    ({ http }) =>
      `Unable to process data: checksum mismatch: expected ${http?.checksum ?? 'another one'}, got sha256:0b9e`,
  ],
  [
    'import-too-large',
    (_source, claim) => {
      const has = quantity(claim.status?.capacity?.storage ?? claim.spec.resources.requests.storage);
      return `Unable to process data: Virtual image size ${has * 2} is larger than the reported available storage ${has}. A larger PVC is required.`;
    },
  ],
  [
    'import-damaged',
    () =>
      'Unable to process data: Unable to convert source data to target format: qemu-img execution failed: exit status 1',
  ],
];

function refused({ registry, http }: Json, why: string): string {
  if (registry === undefined) return `Unable to connect to http data source: ${why}`;
  return `Unable to process data: Failed to read registry image: error reading ${registry.url ?? http?.url}: ${why}`;
}

/** Why an importer on a machine cannot do its work; undefined when it can. A rehearsal has no network beyond its machines. */
export function importProblem(bench: Bench, volume: Json, claim: Json, node: string | undefined): string | undefined {
  const machine = bench.machines.find((one) => one.name === node);
  const { source = {} } = volume.spec;
  const failure = failures.find(([trouble]) => bench.troubles.has(trouble, volume.metadata.name));
  if (failure !== undefined && source.blank === undefined) return failure[1](source, claim);
  const denied = machine !== undefined && (bench.troubles.has('block-device-denied') || !devicesAreOwned(machine));
  if (claim.spec.volumeMode === 'Block' && denied) {
    return 'Unable to process data: blockdev: cannot open /dev/cdi-block-volume: Permission denied';
  }
  if (source.registry !== undefined && source.registry.pullMethod !== 'node') {
    const host = hostOf(source.registry.url ?? '');
    if (isKnown(machine, host)) return undefined;
    return `Unable to process data: Failed to read registry image: Could not create image reference: error pinging docker registry ${host}: Get "https://${host}/v2/": dial tcp: lookup ${host}: no such host`;
  }
  if (source.http === undefined) return undefined;
  const host = hostOf(source.http.url);
  if (isKnown(machine, host)) return undefined;
  return `Unable to connect to http data source: HTTP request errored: Head "${source.http.url}": dial tcp: lookup ${host}: no such host`;
}
