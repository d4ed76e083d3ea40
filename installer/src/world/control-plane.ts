import type { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import type { Bench, Double } from '#simulation/bench';
import { nodeDoubles } from '#simulation/doubles/node-doubles';
import { platformDoubles } from '#simulation/doubles/platform-doubles';
import { databaseOf } from '#simulation/host/k3s';
import type { SimulatedMachine } from '#simulation/host/simulated-machine';
import type { TroubleBoard } from '#simulation/trouble-board';
import type { VirtualClock } from '#simulation/virtual-clock';
import type { Weather } from '#simulation/weather';
import { operatorDouble } from './operator-double.ts';

/** How long k3s needs from its start until its API server answers, in milliseconds. */
const startsWithin = 8_000;

export interface ControlPlaneParts {
  readonly clock: VirtualClock;
  readonly machines: readonly SimulatedMachine[];
  readonly server: SimulatedApiServer;
  readonly weather: Weather;
  readonly troubles: TroubleBoard;
  random(): number;
}

/** What ties simulated machines to their cluster: the API server lives while k3s runs on any of them. */
export class ControlPlane {
  readonly #about: ControlPlaneParts;
  #life: AbortController | undefined;
  readonly #databases = new Set<string>();
  /** The first mistake of a double; the rehearsal ends with it. */
  crash: unknown;
  readonly #doubles: readonly Double[] = [...nodeDoubles, ...platformDoubles()];

  constructor(about: ControlPlaneParts) {
    this.#about = about;
    for (const machine of about.machines) {
      machine.onUnit((unit, what) => {
        if (unit !== 'k3s.service') return;
        if (what === 'started') this.#start();
        else if (!this.#isRunningAnywhere()) this.#stop('k3s was stopped');
      });
    }
  }

  /** The power of the whole site goes: what is in memory is gone, what is stored stays. */
  powerCut(): void {
    for (const machine of this.#about.machines) machine.powerCut();
    this.#stop('the power was cut');
  }

  /** The next boot of every machine that is down; the others go on, and with them the cluster while one of them has it. */
  async restart(): Promise<void> {
    if (!this.#isRunningAnywhere()) this.#stop('the machines restart');
    const down = this.#about.machines.filter((machine) => !machine.on);
    await Promise.all(down.map((machine) => machine.boot()));
  }

  /** Everybody stands still; what is stored can still be looked at. */
  freeze(): void {
    this.#life?.abort(new Error('the rehearsal is over'));
  }

  close(): void {
    this.#stop('the rehearsal is over');
  }

  #isRunningAnywhere(): boolean {
    return this.#about.machines.some((machine) => machine.view().isActive('k3s.service'));
  }

  #start(): void {
    if (this.#life !== undefined) return;
    const life = new AbortController();
    this.#life = life;
    this.#about.clock.sleep(startsWithin, life.signal).then(
      () => this.#live(life.signal),
      () => {},
    );
  }

  /** A database that nobody has seen before is an empty one, unless its server joins others. */
  #recogniseDatabase(): void {
    const servers = this.#about.machines.filter((machine) => machine.view().isActive('k3s.service'));
    const names = servers.map((machine) => machine.files.read(databaseOf(machine)) ?? '');
    if (names.length > 0 && !names.some((name) => this.#databases.has(name))) this.#about.server.format();
    for (const name of names) this.#databases.add(name);
  }

  #live(signal: AbortSignal): void {
    this.#recogniseDatabase();
    const { server, weather, machines, clock, troubles } = this.#about;
    server.up();
    weather.up();
    const views = machines.map((machine) => machine.view());
    const bench: Bench = {
      transport: server,
      clock,
      machines: views,
      troubles,
      services: server.services,
      logs: server.logs,
      openApi: (groupVersion, serve) => server.openApi(groupVersion, serve),
      signal,
      random: () => this.#about.random(),
    };
    for (const double of [...this.#doubles, operatorDouble]) {
      double(bench).catch((error: unknown) => {
        // A mistake in a double would otherwise show as a gate that never opens.
        if (!signal.aborted) this.crash ??= error;
      });
    }
  }

  #stop(why: string): void {
    const life = this.#life;
    this.#life = undefined;
    this.#about.weather.down();
    this.#about.server.drop();
    life?.abort(new Error(why));
  }
}
