import { absentCluster } from '#adapters/absent-cluster';
import { KubeCluster } from '#adapters/kube-cluster';
import type { Catalog } from '#catalog/catalog';
import type { Cluster } from '#ports/cluster';
import type { Inventory } from '#ports/facts';
import type { Host } from '#ports/host';
import type { World } from '#ports/world';
import type { Node, Profile } from '#profile/schema';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { type RehearsedBundle, rehearsedBundle } from '#simulation/bundle/rehearsed-bundle';
import { fittingInventory } from '#simulation/host/fitting-inventory';
import { machineFrom } from '#simulation/host/machine-from';
import { SimulatedHost } from '#simulation/host/simulated-host';
import type { SimulatedMachine } from '#simulation/host/simulated-machine';
import type { Stage } from '#simulation/mishaps';
import { RehearsalFuse } from '#simulation/power';
import { seeded } from '#simulation/seeded';
import { TroubleBoard } from '#simulation/trouble-board';
import { VirtualClock } from '#simulation/virtual-clock';
import { Weather } from '#simulation/weather';
import { ControlPlane } from './control-plane.ts';

export interface SimulatedWorldOptions {
  readonly profile: Profile;
  readonly catalog: Catalog;
  /** The real manifests of the components; without them small ones of our own are used. */
  readonly upstream?: string;
  /** A recorded machine to rehearse on; only for a profile of one node. Default: one that fits the profile. */
  readonly inventory?: Inventory;
  readonly seed: number;
  /** What is installed from, instead of manifests and pretended images. */
  readonly bundle?: RehearsedBundle;
  /** Changes the text of a manifest, to make another release of it. */
  readonly rewrite?: (text: string, path: string) => string;
}

/** A world made of memory: machines, an API server, component doubles, and a clock that jumps. */
export interface SimulatedWorld extends World {
  readonly clock: VirtualClock;
  readonly machines: readonly SimulatedMachine[];
  readonly server: SimulatedApiServer;
  readonly stage: Stage;
  /** What is simulated, in words: the machines, and whose manifests. */
  readonly about: string;
  /** Everything that was ever written by the installer, host commands and requests, in order. */
  writes(): readonly string[];
  /** This world for whoever only looks: a cluster that nobody has founded yet counts as an empty one. */
  asFound(): World;
  /** The next boot of every machine that is down, after a power cut or a restart that was asked for. */
  restart(): Promise<void>;
  /** The first mistake of a component double, which would otherwise show as a gate that never opens. */
  readonly crash: unknown;
  /** The same machines and the same cluster, with the bundle of another release at hand. */
  release(catalog: Catalog): SimulatedWorld;
  /** Ends the doubles, and leaves the API server to be looked at. */
  freeze(): void;
  /** Ends everything; nothing stirs any more. */
  close(): void;
}

export function simulatedWorld(options: SimulatedWorldOptions): SimulatedWorld {
  const parts = partsOf(options);
  return worldOf(parts, parts.bundle, options);
}

/** The world of these parts, with one of the bundles that were made for it. */
function worldOf(
  parts: ReturnType<typeof partsOf>,
  bundle: RehearsedBundle,
  options: SimulatedWorldOptions,
): SimulatedWorld {
  const { clock, fuse, machines, server, weather, plane, hosts, cluster } = parts;
  const world: World = { host: (name) => hosts.get(name), cluster, bundle, clock };
  return {
    ...world,
    clock,
    machines,
    server,
    stage: stageOf(parts, bundle, options.catalog),
    about: `${counted(machines)}, ${bundle.about}`,
    writes: () => writesOf(machines, weather),
    // Looking never writes, so that a sight is all that the engine will use of it.
    asFound: () => (weather.wasUp ? world : { ...world, cluster: absentCluster() as Cluster }),
    release: (catalog) => worldOf(parts, bundleOfRelease(parts, catalog, options), options),
    async restart() {
      fuse.mend();
      await plane.restart();
    },
    get crash() {
      return plane.crash;
    },
    freeze: () => plane.freeze(),
    close: () => plane.close(),
  };
}

function bundleOfRelease(
  { bundles }: ReturnType<typeof partsOf>,
  catalog: Catalog,
  { upstream }: SimulatedWorldOptions,
): RehearsedBundle {
  const { architecture = 'amd64' } = bundles[0]?.madeFor ?? {};
  const bundle = rehearsedBundle(catalog, upstream, { root: `/rehearsed-bundle-${bundles.length + 1}`, architecture });
  bundles.push(bundle);
  return bundle;
}

/** The parts of a simulated world, wired: what goes dark together, and what starts what. */
function partsOf(options: SimulatedWorldOptions) {
  const { profile, seed } = options;
  const clock = new VirtualClock();
  const fuse = new RehearsalFuse();
  const troubles = new TroubleBoard();
  const bundle = options.bundle ?? bundleIn(options);
  const bundles = [bundle];
  const imagesOf = (path: string, digest?: string) => bundles.flatMap((one) => one.imagesOf(path, digest));
  const sourceOf = (source: string) => bundles.map((one) => one.sourceOf(source)).find((one) => one !== undefined);
  const inventoryOf = (node: Node) => options.inventory ?? fittingInventory(node, profile, bundle.madeFor);
  const machines = profile.nodes.map((node) =>
    machineFrom({ ...inventoryOf(node), hostname: node.name }, { clock, fuse, imagesOf, sourceOf }),
  );
  const server = new SimulatedApiServer({ clock });
  const weather = new Weather(server, clock, fuse);
  const plane = new ControlPlane({ clock, machines, server, weather, troubles, random: seeded(seed) });
  fuse.onBlow = () => plane.powerCut();
  const hosts = new Map<string, Host>(machines.map((machine) => [machine.name, new SimulatedHost(machine)]));
  const cluster = new KubeCluster(weather, clock);
  return { clock, fuse, troubles, bundle, bundles, machines, server, weather, plane, hosts, cluster };
}

/** Manifests and pretended images, for the machine that was recorded. */
function bundleIn({ catalog, upstream, inventory, rewrite }: SimulatedWorldOptions): RehearsedBundle {
  return rehearsedBundle(catalog, upstream, {
    ...(rewrite === undefined ? {} : { rewrite }),
    ...(inventory === undefined ? {} : { architecture: inventory.cpu.architecture }),
  });
}

/** What mishaps may break. */
function stageOf(
  { machines, fuse, troubles, weather, clock }: ReturnType<typeof partsOf>,
  bundle: RehearsedBundle,
  { components }: Catalog,
): Stage {
  const images = Object.values(components).flatMap((one) => one.images.map(({ reference }) => reference));
  return { machines, fuse, troubles, weather, images, bundle, jumpClock: (milliseconds) => clock.jump(milliseconds) };
}

function counted(machines: readonly SimulatedMachine[]): string {
  return machines.length === 1 ? 'one simulated machine' : `${machines.length} simulated machines`;
}

function writesOf(machines: readonly SimulatedMachine[], weather: Weather): readonly string[] {
  const onHosts = machines.flatMap((machine) => machine.log.map((what) => `${machine.name} ${what}`));
  return [...onHosts, ...weather.writes];
}
