import type { Catalog } from '#catalog/catalog';
import { type Act, type Gate, minute } from '#engine/step';
import type { Site } from '#plan/plan';
import type { Bundle } from '#ports/bundle';
import type { Host } from '#ports/host';
import type { Stage } from '#ports/world';
import { type Node, Profile } from '#profile/schema';
import { FakeCluster } from './fake-cluster.ts';

/** A stage for tests of cluster verbs: a cluster in memory, a machine that knows files and images, a clock to turn. */
export interface FakeStage extends Stage {
  readonly cluster: FakeCluster;
  readonly files: Map<string, string>;
  readonly images: Set<string>;
  /** What this run was agreed to lose. */
  readonly consents: Set<string>;
  turn(milliseconds: number): void;
  readonly act: Act;
  /** Titles of the gates that were waited for. */
  readonly waited: string[];
}

export function fakeStage(bundle?: Bundle): FakeStage {
  const cluster = new FakeCluster();
  const files = new Map<string, string>();
  const images = new Set<string>();
  const waited: string[] = [];
  const consents = new Set<string>();
  let now = Date.UTC(2026, 10, 21, 6);
  const stage: Stage = {
    cluster,
    host: fakeHost(files, images),
    bundle: bundle as Bundle,
    now: () => now,
    intended: () => false,
    agreed: (target) => consents.has(target),
  };
  return {
    ...stage,
    cluster,
    files,
    images,
    consents,
    waited,
    turn: (milliseconds) => {
      now += milliseconds;
    },
    act: { changes: [], signal: new AbortController().signal, waitFor: (gate) => passed(gate, stage, waited) },
  };
}

/** A gate is looked at once: in a test everything that it waits for has happened, or never will. */
async function passed(gate: Gate, stage: Stage, waited: string[]): Promise<readonly string[]> {
  waited.push(gate.title);
  const verdict = await gate.check(stage);
  if (verdict.ready) return verdict.evidence;
  throw verdict.hopeless ?? new Error(`not ready: ${verdict.because}`);
}

function fakeHost(files: Map<string, string>, images: ReadonlySet<string>): Host {
  const looked = { kind: 'file', mode: 0o644, size: 1 } as const;
  return {
    name: 'plant-7-a',
    read: async (path) => files.get(path),
    list: async () => [],
    look: async (path) => (files.has(path) ? looked : undefined),
    digest: async () => undefined,
    ask: async () => ({ exitCode: 0, stdout: [...images].join('\n'), stderr: '' }),
    write: async (path, content) => void files.set(path, content),
    place: async () => {},
    remove: async (path) => void files.delete(path),
    run: async () => '',
    reboot: () => Promise.reject(new Error('no machine to reboot')),
  };
}

/** A site of so many nodes with everything at its default; `change` writes into the profile before it is read. */
export function siteOf(catalog: Catalog, change: object = {}, nodes = 1): Site {
  const names = ['plant-7-a', 'plant-7-b', 'plant-7-c'].slice(0, nodes);
  const profile = Profile.parse({
    apiVersion: 'novasphere.dev/v1alpha1',
    kind: 'Profile',
    metadata: { name: 'plant-7' },
    nodes: names.map((name, index) => ({
      name,
      disks: { data: { match: { serial: `S${index}` } } },
      network: { management: { match: { mac: `3c:ec:ef:00:00:0${index}` }, dhcp: true } },
    })),
    ...change,
  });
  return { profile, catalog, node: profile.nodes[0] as Node };
}

export const patience = { soft: 1 * minute, hard: 2 * minute };
