import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '#catalog/catalog';
import { loadCatalog } from '#catalog/load-catalog';
import { type RunResult, run } from '#engine/run';
import { phases } from '#phases/index';
import { compile } from '#plan/compile';
import { consentsIn } from '#plan/consents';
import type { Circumstances, PhaseFor } from '#plan/plan';
import type { Entry, View } from '#ports/journal';
import type { World } from '#ports/world';
import { loadProfile } from '#profile/load';
import { madeUpSecrets, resolveSecrets } from '#profile/secrets';
import { root, upstream } from '../fixtures/rehearsed.ts';
import { ControlPlane } from './control-plane.ts';
import { DeadlineClock } from './deadline-clock.ts';
import { BedSite } from './site.ts';

export interface BedStageOptions {
  /** Default: lab-vm. */
  readonly profile?: string;
  /** Changes the text of the profile. */
  readonly text?: (text: string) => string;
  /** Default: what this release ships. */
  readonly catalog?: Catalog;
  /** Changes the text of a manifest, to make another release of it. */
  readonly rewrite?: (text: string, path: string) => string;
  /** What part of their own time the doubles take. Default: a fiftieth. */
  readonly haste?: number;
}

export interface PlayOptions {
  readonly only?: readonly string[];
  readonly from?: string;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly view?: View;
  readonly mode?: 'apply' | 'inspect';
  /** Default: that of the stage. */
  readonly catalog?: Catalog;
  /** Default: those of an installation. */
  readonly phases?: readonly PhaseFor[];
  /** What the phases are told beside profile and catalog. */
  readonly circumstances?: Circumstances;
  /** Milliseconds after which the run is interrupted. Default: two minutes. */
  readonly limit?: number;
  /** As soon as a gate gives this reason, time hurries: minutes of waiting take a second. */
  readonly impatientOf?: RegExp;
  /** As soon as this gate is waited for, somebody presses Ctrl+C. */
  readonly interruptedAt?: RegExp;
}

export interface Played extends RunResult {
  readonly entries: readonly Entry[];
}

type Waiting = Extract<Entry, { event: 'waiting' }>;

const silent: View = { show: () => undefined, close: async () => undefined };

/** A site on a real control plane, and runs of the installer on it. Nothing is installed yet. */
export class BedStage {
  readonly site: BedSite;
  readonly #options: BedStageOptions;
  readonly #catalog: Catalog;
  readonly #file: string;
  readonly #clock = new DeadlineClock();
  world: World;

  private constructor(site: BedSite, options: BedStageOptions, about: { catalog: Catalog; file: string }) {
    this.site = site;
    this.#options = options;
    this.#catalog = about.catalog;
    this.#file = about.file;
    this.world = { ...site.world(), clock: this.#clock };
  }

  static async open(options: BedStageOptions = {}): Promise<BedStage> {
    const file = join(root, 'profiles', `${options.profile ?? 'lab-vm'}.yaml`);
    const [plane, catalog] = await Promise.all([ControlPlane.start(), options.catalog ?? loadCatalog(root)]);
    const { haste, rewrite } = options;
    const { profile } = loadProfile((options.text ?? String)(readFileSync(file, 'utf8')), file);
    const site = await BedSite.make(plane, {
      profile,
      catalog,
      upstream,
      ...(haste === undefined ? {} : { haste }),
      ...(rewrite === undefined ? {} : { rewrite }),
    });
    return new BedStage(site, options, { catalog, file });
  }

  /** Runs until a run ends for good; a restart that was asked for is made. */
  async play(about: PlayOptions = {}): Promise<Played> {
    for (;;) {
      const one = await this.#once(about);
      if (this.site.crash !== undefined) throw this.site.crash;
      if (one.outcome !== 'rebooting') return one;
      await Promise.all(this.site.machines.filter(({ on }) => !on).map((machine) => machine.boot()));
    }
  }

  close(): Promise<void> {
    return this.site.close();
  }

  async #once({ only, from, concurrency = 1, view = silent, mode = 'apply', ...about }: PlayOptions): Promise<Played> {
    const { profile } = loadProfile((this.#options.text ?? String)(readFileSync(this.#file, 'utf8')), this.#file);
    const { reveal } = await resolveSecrets(profile, madeUpSecrets());
    const told = { reveal, ...about.circumstances };
    const plan = compile(profile, about.catalog ?? this.#catalog, about.phases ?? phases, told);
    const ids = [...new Set(plan.units.map(({ phase }) => phase.id))];
    const first = from === undefined ? 0 : ids.indexOf(from);
    const units = plan.units.filter(
      ({ phase }) => ids.indexOf(phase.id) >= first && (only?.includes(phase.id) ?? true),
    );
    const entries: Entry[] = [];
    const interruption = new AbortController();
    const append = (entry: Entry) => {
      entries.push(entry);
      if (entry.event === 'waiting') this.#waited(entry, about, interruption);
      if (entry.event === 'passed' || entry.event === 'failed') this.#clock.rest();
    };
    const result = await run(units, this.world, {
      mode,
      head: {
        event: 'run-began',
        version: 1,
        run: 'bed',
        command: 'apply',
        mode,
        profile: { name: profile.metadata.name, digest: '', path: this.#file },
        plan: { digest: plan.digest, phases: [] },
        versions: {},
      },
      concurrency,
      consents: await consentsIn(profile, this.world),
      intents: new Set(),
      journal: { append },
      view,
      signal: AbortSignal.any([
        this.site.crashed,
        interruption.signal,
        AbortSignal.timeout(about.limit ?? 120_000),
        ...(about.signal === undefined ? [] : [about.signal]),
      ]),
    });
    return { entries, ...result };
  }
  /** What is to happen while a gate waits happens once it sleeps. */
  #waited({ gate, because }: Waiting, about: PlayOptions, interruption: AbortController): void {
    if (about.impatientOf?.test(because) === true) setImmediate(() => this.#clock.hurry());
    if (about.interruptedAt?.test(gate) === true) setImmediate(() => interruption.abort(new Error('Ctrl+C')));
  }
}
