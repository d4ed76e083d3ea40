import { systemClock } from '#adapters/system-clock';
import { KubeClient } from '#kube/client';
import type { Trouble } from '#simulation/bench';
import { release } from '../fixtures/rehearsed.ts';
import { faultTold } from './fault-told.ts';
import { ours } from './leftovers.ts';
import { BedStage, type BedStageOptions, type Played } from './stage.ts';

/** What a gate said while something was broken, and once that was mended: `done`, or what went wrong then. */
export interface Trial {
  /** The whole screen of the fault. */
  readonly told: string;
  readonly mended: string;
}

export interface Interrupted {
  readonly outcome: Played['outcome'];
  /** What there was of ours once what had been asked to go was gone, and had not been there before. */
  readonly left: readonly string[];
  readonly again: Played['outcome'];
  /** The same after the next run. */
  readonly leftThen: readonly string[];
}

/** No run of one phase takes as long as this on the bed: what does waits for a reason that never comes. */
const limit = 90_000;
/** After a restart Longhorn is watched for a minute, whatever is done about it. */
const calm = /has restarted a moment ago/;

/** A trouble, and whom it concerns where not everybody. */
type On = Trouble | readonly [Trouble, string];

export interface Damage {
  /** What a gate is to say of it. */
  readonly reason: RegExp;
  damage(): unknown;
  mend(): unknown;
}

/** One phase on a site of its own: its gates under every trouble, and its proofs interrupted. */
export class GateTrials {
  readonly stage: BedStage;
  /** Somebody who may do anything. */
  readonly admin: KubeClient;
  readonly #phase: string;

  private constructor(stage: BedStage, phase: string) {
    this.stage = stage;
    const { sleep } = systemClock();
    this.admin = new KubeClient({ transport: stage.site.plane.transport('admin'), fieldManager: 'somebody', sleep });
    this.#phase = phase;
  }

  /** `first`: the phases that it needs. */
  static async open(phase: string, first: readonly string[] = [], options: BedStageOptions = {}): Promise<GateTrials> {
    const stage = await BedStage.open(options);
    const only = ['preflight', 'host', 'k3s', ...first];
    const { outcome, faults } = await stage.play({ only, concurrency: 3, impatientOf: calm });
    if (outcome !== 'done') throw faults[0] ?? new Error(`the phases before ${phase} are ${outcome}`);
    return new GateTrials(stage, phase);
  }

  close(): Promise<void> {
    return this.stage.close();
  }

  play(reason = calm): Promise<Played> {
    const impatientOf = new RegExp(`${reason.source}|${calm.source}`);
    return this.stage.play({ only: [this.#phase], limit, impatientOf });
  }

  /**
   * Plays with a trouble until a gate gives up on `reason`, or on what is hopeless; and again without it. `shows` is
   * waited for in between: what stands already takes a moment to notice.
   */
  async under(trouble: On, reason: RegExp, shows?: () => Promise<unknown>): Promise<Trial> {
    const told = await this.during(trouble, reason, shows);
    return { told, mended: await this.mended() };
  }

  /** The first half of it: what comes next goes on from there. */
  async during(trouble: On, reason: RegExp, shows?: () => Promise<unknown>): Promise<string> {
    const [name, subject] = typeof trouble === 'string' ? [trouble] : trouble;
    const { troubles } = this.stage.site;
    troubles.start(name, subject);
    if (shows !== undefined) await this.until(shows);
    const failed = await this.play(reason);
    troubles.end(name, subject);
    return faultTold(failed);
  }

  async until(look: () => Promise<unknown>): Promise<void> {
    while (!(await look())) await systemClock().sleep(50);
  }

  /** The image of the catalog that is called so. */
  image(name: string): string {
    const images = Object.values(release.components).flatMap((one) => one.images.map(({ reference }) => reference));
    const found = images.find((image) => image.includes(`/${name}:`));
    if (found === undefined) throw new Error(`the catalog has no image called ${name}`);
    return found;
  }

  /** The same with damage that the test does by its own hand. */
  async broken(about: Damage): Promise<Trial> {
    const told = await this.damaged(about);
    return { told, mended: await this.mended() };
  }

  async damaged({ reason, damage, mend }: Damage): Promise<string> {
    await damage();
    const failed = await this.play(reason);
    await mend();
    return faultTold(failed);
  }

  async mended(): Promise<string> {
    const played = await this.play();
    return played.outcome === 'done' ? 'done' : faultTold(played);
  }

  /** Forgets that something was proven, so that the next run proves it again. */
  async forget(...proofs: readonly string[]): Promise<void> {
    for (const id of proofs)
      await this.admin.delete({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace: 'novasphere-system',
        name: `proof-${id.replace('/', '-')}`,
      });
  }

  /** Proves something again, with Ctrl+C in the middle of it, and then once more in peace. */
  async interrupted(proofs: readonly string[], gate: RegExp): Promise<Interrupted> {
    const before = new Set(await this.#ours());
    if (before.size === 0) throw new Error('nothing of ours was there before: it is not looked for rightly');
    await this.forget(...proofs);
    const { outcome } = await this.stage.play({ only: [this.#phase], limit, impatientOf: calm, interruptedAt: gate });
    const left = await this.#settled(before);
    const again = await this.play();
    const leftThen = (await this.#ours()).filter((one) => !before.has(one));
    return { outcome, left, again: again.outcome, leftThen };
  }

  /** What was asked to go takes its time, a namespace seconds: what stays when nothing goes any more will stay. */
  async #settled(before: ReadonlySet<string>): Promise<readonly string[]> {
    let last: readonly string[] = [];
    for (let quiet = 0; quiet < 30; quiet++) {
      const left = (await this.#ours()).filter((one) => !before.has(one));
      if (left.length === 0) return [];
      if (left.length !== last.length) quiet = 0;
      last = left;
      await systemClock().sleep(300);
    }
    return last;
  }

  #ours(): Promise<readonly string[]> {
    return ours(this.stage.site.plane.transport('admin'));
  }
}
