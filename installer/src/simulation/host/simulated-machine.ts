import { Fault } from '#engine/fault';
import type { Clock } from '#ports/clock';
import type { Inventory } from '#ports/facts';
import { type PathFacts, Rebooting } from '#ports/host';
import type { Fuse, Machine } from '../bench.ts';
import { comeUp, goDown } from './boot.ts';
import { bootIdOf } from './boot-id.ts';
import { blank, diskAt, soil, twinOf } from './disks.ts';
import { FileStore, type SourceFile } from './file-store.ts';
import { archivesOf, type HeldImage, imported, importedFrom } from './k3s-images.ts';
import { listPath, lookAtPath, readPath } from './paths.ts';
import { readSource } from './read-source.ts';
import type { Disk, Image, Listener, MachineTroubles, Mount, Nic, Package, Unit } from './state.ts';
import { noTroubles } from './state.ts';
import { viewOf } from './view.ts';

export interface MachineOptions {
  readonly clock: Clock;
  /** Default: one that never blows. */
  readonly fuse?: Fuse;
  /** Which images an archive in k3s's images directory holds. Default: none. */
  readonly imagesOf?: (path: string, digest?: string) => readonly HeldImage[];
  /** What is known of a file of the bundle. Default: it is read from the real disk. */
  readonly sourceOf?: (source: string) => SourceFile | undefined;
}

export type UnitListener = (unit: string, what: 'started' | 'stopped') => void;

/** A write that is under way: `torn` is what it leaves when the power goes in the middle of it. */
export interface Change<T> {
  /** Milliseconds that it takes. */
  readonly takes?: number;
  whole(): T | Promise<T>;
  torn?(): void;
}

/** A computer made of maps: everything that steps can see or change, and what of it survives a power cut. */
export class SimulatedMachine {
  readonly name: string;
  readonly clock: Clock;
  readonly fuse: Fuse;
  readonly options: MachineOptions;
  /** The hardware as it was bought. */
  readonly hardware: Inventory;
  /** Every write, in the order in which they happened. */
  readonly log: string[] = [];
  readonly troubles: MachineTroubles = noTroubles();
  readonly files: FileStore;

  power: 'on' | 'going-down' | 'off' = 'on';
  bootId: string;
  boots = 1;
  cmdline: string;
  disks: Disk[] = [];
  nics: Nic[] = [];
  mounts: Mount[] = [];
  swaps: string[] = [];
  hugepages = { '2Mi': 0, '1Gi': 0 };
  iommuGroups = 0;
  timezone = 'Etc/UTC';
  /** When the clock has become, or becomes, synchronized; by `clock.elapsed()`. */
  synchronizedAt = Number.POSITIVE_INFINITY;
  readonly modules = new Set<string>();
  /** Modules that hardware asks for at every boot. */
  readonly autoload = new Set<string>();
  /** Modules that are part of the kernel itself. */
  readonly builtin = new Set<string>();
  readonly sysctl = new Map<string, string>();
  readonly packages = new Map<string, Package>();
  readonly units = new Map<string, Unit>();
  readonly images = new Map<string, Image>();
  readonly listeners: Listener[] = [];
  /** Lines as iptables-save prints them. */
  firewall: readonly string[] = [];
  readonly #unitListeners = new Set<UnitListener>();
  readonly #removed: Disk[] = [];

  constructor(hardware: Inventory, options: MachineOptions) {
    this.name = hardware.hostname;
    this.hardware = hardware;
    this.options = options;
    this.clock = options.clock;
    this.fuse = options.fuse ?? { before: () => 'whole', after: () => {}, blow: (what) => refuse(this.name, what) };
    this.files = new FileStore(() => this.clock.now());
    this.bootId = hardware.bootId || bootIdOf(this.name, 1);
    this.cmdline = hardware.kernel.cmdline;
  }

  get on(): boolean {
    return this.power === 'on';
  }

  /** Nobody can use a machine that is without power, or that goes down to start again. */
  assertOn(doing: string): void {
    if (this.on) return;
    if (this.power === 'going-down') throw new Rebooting(`${this.name} restarts now`);
    this.fuse.before(doing);
    throw withoutPower(this.name, doing);
  }

  /** Does one write: through the fuse, in its time, into the log. */
  async change<T>(what: string, { takes = 0, whole, torn }: Change<T>): Promise<T> {
    this.assertOn(what);
    const { bootId } = this;
    if (this.fuse.before(what) === 'torn') {
      torn?.();
      this.fuse.blow(what);
    }
    if (takes > 0) await this.clock.sleep(takes);
    this.assertOn(what);
    // Whoever began this ended with the boot in which it began.
    if (this.bootId !== bootId) throw withoutPower(this.name, what);
    const result = await whole();
    this.log.push(what);
    this.fuse.after(what);
    return result;
  }

  read(path: string): string | undefined {
    return readPath(this, path);
  }

  list(path: string): readonly string[] {
    return listPath(this, path);
  }

  look(path: string): PathFacts | undefined {
    return lookAtPath(this, path);
  }

  source(path: string): SourceFile | undefined {
    return (this.options.sourceOf ?? readSource)(path);
  }

  /** Tells of every unit that starts or stops; returns how to stop listening. */
  onUnit(listener: UnitListener): () => void {
    this.#unitListeners.add(listener);
    return () => this.#unitListeners.delete(listener);
  }

  tellUnit(unit: string, what: 'started' | 'stopped'): void {
    for (const listener of this.#unitListeners) listener(unit, what);
  }

  /** Switches it on; ends when the units that are enabled have been told to start. */
  async boot(): Promise<void> {
    await comeUp(this);
  }

  /** What was in memory is gone, and what nobody had made safe is torn. */
  powerCut(): void {
    goDown(this, 'cut');
  }

  /** Everything is made safe first. `boot` brings it up again. */
  shutDown(): void {
    goDown(this, 'clean');
  }

  view(): Machine {
    return viewOf(this);
  }

  /** A second disk with the same model, serial number and WWN. */
  twinDisk(path: string): void {
    this.disks.push(twinOf(diskAt(this, path), this.disks));
  }

  removeDisk(path: string): void {
    const disk = diskAt(this, path);
    this.disks = this.disks.filter((one) => one !== disk);
    this.#removed.push(disk);
  }

  /** Puts the disk back that was removed last. */
  returnDisk(): void {
    const disk = this.#removed.pop();
    if (disk !== undefined) this.disks.push(disk);
  }

  /** Somebody else's filesystem is on the disk. */
  soilDisk(path: string, type: string, label: string): void {
    soil(diskAt(this, path), type, label);
  }

  blankDisk(path: string): void {
    blank(diskAt(this, path));
  }

  /** The image is neither in the runtime nor in any archive any more. */
  loseImage(image: string): void {
    this.troubles.missingImages.add(image);
    this.images.delete(image);
  }

  returnImage(image: string): void {
    this.troubles.missingImages.delete(image);
    const held = archivesOf(this).flatMap((archive) => importedFrom(this, archive));
    const found = held.find(({ reference }) => reference === image);
    if (found !== undefined) this.images.set(image, { ...imported(found), durable: true });
  }
}

function refuse(name: string, doing: string): never {
  throw withoutPower(name, doing);
}

function withoutPower(name: string, doing: string): Fault {
  return new Fault({
    code: 'POWER-LOST',
    message: `${name} is without power`,
    cause: `this was under way: ${doing}`,
    remedy: ['switch the machine on, then run the same command again: it goes on from here'],
  });
}
