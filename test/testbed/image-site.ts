import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '#adapters/local-program';
import { systemClock } from '#adapters/system-clock';
import type { RegistryAccess } from '#bundle/images/registry-access';
import { BlobStore } from '#bundle/store/blob-store';
import type { Clock } from '#ports/clock';
import type { RunProgram } from '#ports/program';
import { type Registry, startRegistry } from './registry.ts';
import { FaultyRegistry } from './registry-faults.ts';
import { Pusher } from './registry-push.ts';

/** A site of one test: a registry, something in front of it that may do harm, and an empty store. */
export class ImageSite {
  readonly registry: Registry;
  readonly faults: FaultyRegistry;
  readonly pusher: Pusher;
  readonly folder: string;
  readonly store: BlobStore;
  /** Pauses between tries, in milliseconds: told, and not waited for. */
  readonly pauses: number[] = [];
  /** The commands that were run. */
  readonly commands: (readonly string[])[] = [];

  private constructor(registry: Registry, faults: FaultyRegistry, folder: string) {
    this.registry = registry;
    this.faults = faults;
    this.folder = folder;
    this.pusher = new Pusher(registry.host);
    this.store = new BlobStore(join(folder, 'store'));
  }

  static async open(): Promise<ImageSite> {
    const registry = await startRegistry();
    const folder = await mkdtemp(join(tmpdir(), 'novasphere-images-'));
    return new ImageSite(registry, await FaultyRegistry.before(registry.host), folder);
  }

  /** Everything that is asked of any registry goes to the one of this site, through what may do harm. */
  get access(): RegistryAccess {
    const run: RunProgram = (command, options) => {
      this.commands.push(command);
      return runProgram(command, options);
    };
    const mirroredImage = (reference: string) => ({ reference: `${this.faults.host}/${reference}`, plainHttp: true });
    return { run, clock: this.#clock, mirrors: { mirroredImage } };
  }

  get #clock(): Clock {
    const clock = systemClock();
    return {
      ...clock,
      sleep: async (milliseconds, signal) => {
        if (milliseconds <= 500) return clock.sleep(milliseconds, signal);
        this.pauses.push(milliseconds);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.faults[Symbol.asyncDispose]();
    await this.registry.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
