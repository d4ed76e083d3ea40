import { KubeCluster } from '#adapters/kube-cluster';
import { systemClock } from '#adapters/system-clock';
import type { Catalog } from '#catalog/catalog';
import type { Bundle } from '#ports/bundle';
import type { Host } from '#ports/host';
import type { World } from '#ports/world';
import type { Profile } from '#profile/schema';
import type { Bench, Double } from '#simulation/bench';
import { type RehearsedBundle, rehearsedBundle } from '#simulation/bundle/rehearsed-bundle';
import { k3sDouble } from '#simulation/doubles/k3s/k3s';
import { longhornDouble } from '#simulation/doubles/longhorn/longhorn';
import { nmstateDouble } from '#simulation/doubles/nmstate/nmstate';
import { nodeDouble } from '#simulation/doubles/node/node';
import { programs } from '#simulation/doubles/node/programs';
import { platformDoubles } from '#simulation/doubles/platform-doubles';
import { snapshotterDouble } from '#simulation/doubles/snapshotter/snapshotter';
import { defaultInventory } from '#simulation/host/default-inventory';
import { machineFrom } from '#simulation/host/machine-from';
import { SimulatedHost } from '#simulation/host/simulated-host';
import type { SimulatedMachine } from '#simulation/host/simulated-machine';
import { seeded } from '#simulation/seeded';
import { TroubleBoard } from '#simulation/trouble-board';
import { operatorDoubleAs } from '#world/operator-double';
import { Authority } from './authority.ts';
import type { ControlPlane } from './control-plane.ts';
import { doubleTransport } from './double-transport.ts';
import { hastyClock } from './hasty-clock.ts';
import { KubeletServer } from './kubelet-server.ts';
import { metricsServer } from './metrics-server.ts';
import { BedServices } from './services.ts';

export interface SiteOptions {
  readonly profile: Profile;
  readonly catalog: Catalog;
  /** The real manifests. */
  readonly upstream: string;
  /** Changes the text of a manifest, to make another release of it. */
  readonly rewrite?: (text: string, path: string) => string;
  /** What part of their own time the doubles take. Default: a fiftieth. */
  readonly haste?: number;
}

/** What real controllers do not do: nodes, and the components that stand on them. The very doubles of the rehearsal. */
const doubles: readonly Double[] = [
  nodeDouble(programs),
  k3sDouble,
  metricsServer,
  snapshotterDouble,
  longhornDouble,
  nmstateDouble,
  ...platformDoubles(),
];

/** A site on a real control plane: simulated machines, whose kubelets and components act on the real API server. */
export class BedSite {
  readonly plane: ControlPlane;
  readonly machines: readonly SimulatedMachine[];
  readonly troubles = new TroubleBoard();
  readonly bundle: Bundle;
  readonly #bundles: RehearsedBundle[] = [];
  readonly #options: SiteOptions;
  readonly #authority: Authority;
  readonly #logs = new KubeletServer();
  readonly #life = new AbortController();
  readonly #crashed = new AbortController();
  #began = false;

  private constructor(plane: ControlPlane, authority: Authority, options: SiteOptions) {
    this.plane = plane;
    this.#authority = authority;
    this.#options = options;
    const { profile, catalog, upstream } = options;
    const { rewrite } = options;
    const bundle = rehearsedBundle(catalog, upstream, rewrite === undefined ? {} : { rewrite });
    this.bundle = bundle;
    this.#bundles.push(bundle);
    const imagesOf = (path: string, digest?: string) => this.#bundles.flatMap((one) => one.imagesOf(path, digest));
    const sourceOf = (source: string) =>
      this.#bundles.map((one) => one.sourceOf(source)).find((one) => one !== undefined);
    const clock = this.#hasty;
    this.machines = profile.nodes.map((node) =>
      machineFrom({ ...defaultInventory(node, profile), hostname: node.name }, { clock, imagesOf, sourceOf }),
    );
    for (const machine of this.machines)
      machine.onUnit((unit, what) => void (unit === 'k3s.service' && what === 'started' && this.#begin()));
  }

  static async make(plane: ControlPlane, options: SiteOptions): Promise<BedSite> {
    return new BedSite(plane, await Authority.make(plane.directory), options);
  }

  /** The simulated machines and the real cluster, as the installer sees them. */
  world(): World {
    const clock = systemClock();
    const hosts = new Map<string, Host>(this.machines.map((machine) => [machine.name, new SimulatedHost(machine)]));
    const cluster = new KubeCluster(this.plane.transport('novasphere-installer'), clock);
    return { host: (name) => hosts.get(name), cluster, bundle: this.bundle, clock };
  }

  /** Aborts with the first mistake of a double, which would otherwise show as a gate that never opens. */
  get crashed(): AbortSignal {
    return this.#crashed.signal;
  }

  get crash(): unknown {
    return this.#crashed.signal.reason;
  }

  /** The bundle of another release, which the machines can be given files of. */
  release(catalog: Catalog): Bundle {
    const root = `/rehearsed-bundle-${this.#bundles.length + 1}`;
    const bundle = rehearsedBundle(catalog, this.#options.upstream, { root });
    this.#bundles.push(bundle);
    return bundle;
  }

  async close(): Promise<void> {
    this.#life.abort(new Error('the site is closed'));
    this.#logs.close();
    await this.plane.close();
  }

  get #hasty() {
    return hastyClock(this.#options.haste ?? 0.02);
  }

  /** k3s runs for the first time: its node, and everything that will run on it, comes to life. */
  #begin(): void {
    if (this.#began) return;
    this.#began = true;
    this.#live().catch((error: unknown) => this.#failed(error));
  }

  async #live(): Promise<void> {
    const { signal } = this.#life;
    const transport = doubleTransport(this.plane.transport('doubles'), this.#authority.certificate);
    const services = new BedServices(transport, this.#authority);
    void services.run(signal);
    const views = this.machines.map((machine) => machine.view());
    await this.#logs.listen(views.map(addressOf), this.#authority);
    const bench: Bench = {
      transport,
      clock: this.#hasty,
      machines: views,
      troubles: this.troubles,
      services,
      logs: this.#logs,
      openApi: (groupVersion, serve) => services.openApi(groupVersion, serve),
      realControllers: true,
      signal,
      random: seeded(1),
    };
    // It runs by the real time, whatever the doubles do, and with the rights that are shipped.
    const operator = operatorDoubleAs(this.plane.transport('operator-pod'));
    const all = [...doubles.map((one) => one(bench)), operator({ ...bench, clock: systemClock() })];
    for (const one of all) one.catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    if (!this.#life.signal.aborted) this.#crashed.abort(error);
  }
}

function addressOf({ addresses }: { readonly addresses: readonly string[] }): string {
  const plain = addresses.map((one) => one.split('/')[0] ?? one);
  return plain.find((one) => one.includes('.') && !one.startsWith('127.')) ?? '127.0.0.1';
}
