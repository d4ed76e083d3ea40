import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '#kube/json';
import type { PlatformRig } from './platform-rig.ts';

/** For tests: what real operators did, recorded in a folder beside the checkout. It is read there and never copied. */
export interface Recording {
  readonly created: readonly Created[];
  readonly objects: readonly Json[];
  readonly statuses: readonly { readonly finalizers: readonly string[] | null; readonly status: Json }[];
  file(name: string): Json;
  lines(name: string): readonly Json[];
}

export interface Created {
  readonly seconds: number;
  /** Group, version, resource, namespace, name; `(generated)` where the server makes the name. */
  readonly what: string;
}

const root = join(import.meta.dirname, '../../../../../shared/recordings');

/** The recording of that name, or undefined where the folder does not lie beside the checkout. */
export function recording(name: string): Recording | undefined {
  const folder = join(root, name);
  if (!existsSync(folder)) return undefined;
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const file = (one: string): Json => JSON.parse(read(one));
  const lines = (one: string) =>
    read(one)
      .trim()
      .split('\n')
      .map((line): Json => JSON.parse(line));
  return {
    created: file('created-in-order.json').map((one: Json) => ({
      seconds: one.seconds,
      what: [one.group, one.version, one.resource, one.namespace, one.name].join(' '),
    })),
    objects: file('objects.json'),
    statuses: lines('status.jsonl'),
    file,
    lines,
  };
}

/** Watches what a rig's doubles create from now on, as the recordings list it; pods and events are the cluster's. */
export function watchCreates(rig: PlatformRig): readonly Created[] {
  const created: Created[] = [];
  let start: number | undefined;
  rig.server.intercept = ({ method, path, body, query }) => {
    const { group, version, namespace, resource } =
      /^\/apis?\/(?:(?<group>[^/]*\.?[^/]*)\/)?(?<version>v[^/]+)(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<resource>[^/]+)$/.exec(
        path,
      )?.groups ?? {};
    if (method !== 'POST' || resource === undefined || query?.['dryRun'] || ['pods', 'events'].includes(resource))
      return undefined;
    start ??= rig.clock.now();
    const name = (body as Json).metadata.name ?? '(generated)';
    created.push({
      seconds: (rig.clock.now() - start) / 1000,
      what: [group ?? '', version, resource, namespace ?? '', name].join(' '),
    });
    return undefined;
  };
  return created;
}

/** The status of a custom resource in words: phase, conditions, how much it remembers. Neighbours that say the same are one. */
export function storyOf(statuses: Recording['statuses']): readonly Json[] {
  const told = statuses.map(({ finalizers, status }) => ({
    finalizers: finalizers ?? [],
    phase: status?.phase,
    conditions: (status?.conditions ?? []).map((one: Json) =>
      [one.type, one.status, one.reason, one.message].join(' | '),
    ),
    generations: (status?.generations ?? []).map(
      (one: Json) => `${one.group} ${one.resource} ${one.namespace ?? ''} ${one.name}`,
    ),
    fields: Object.keys(status ?? {}).sort(),
  }));
  return told.filter((one, index) => JSON.stringify(one) !== JSON.stringify(told[index - 1]));
}
