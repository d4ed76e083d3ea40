import { dataDirOf } from './k3s-config.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import type { Image } from './state.ts';

const archive = /\.(tar|tgz|tar\.(zst|gz|bz2|lz4|xz))$/;
const millisecondsPerImage = 900;

/** The archives that k3s imports when it starts. */
export function archivesOf(machine: SimulatedMachine): readonly string[] {
  const folder = `${dataDirOf(machine)}/agent/images`;
  return machine.files
    .list(folder)
    .filter((name) => archive.test(name))
    .map((name) => `${folder}/${name}`);
}

/** An image as an archive holds it. */
export interface HeldImage {
  readonly reference: string;
  readonly digest?: string;
}

export function importedFrom(machine: SimulatedMachine, path: string): readonly HeldImage[] {
  const held = machine.options.imagesOf?.(path, machine.files.digest(path)) ?? [];
  return held.filter(({ reference }) => !machine.troubles.missingImages.has(reference));
}

/** Unpacked a moment ago: nothing of it is safe on disk until somebody syncs. */
export function imported({ digest }: HeldImage): Image {
  return { durable: false, torn: false, ...(digest === undefined ? {} : { digest }) };
}

/** What an archive would bring to this machine: what it lacks, and what it has in another form. */
export function lacking(machine: SimulatedMachine, path: string): readonly HeldImage[] {
  return importedFrom(machine, path).filter(({ reference, digest }) => {
    const there = machine.images.get(reference);
    return there === undefined || (digest !== undefined && digest !== there.digest);
  });
}

/** Unpacks every image that is not in the store yet. */
export async function importImages(machine: SimulatedMachine): Promise<void> {
  const { bootId } = machine;
  for (const path of archivesOf(machine)) {
    const missing = lacking(machine, path);
    for (const image of missing) machine.images.set(image.reference, imported(image));
    await machine.clock.sleep(150 + missing.length * millisecondsPerImage);
    if (!machine.on || machine.bootId !== bootId) return;
  }
}

/** k3s watches the folder of its archives, too: what is placed there while it runs is imported at once. */
export function importPlaced(machine: SimulatedMachine, path: string): void {
  const runs = ['k3s.service', 'k3s-agent.service'].some((unit) => machine.units.get(unit)?.active === 'active');
  if (runs && archivesOf(machine).includes(path)) void importImages(machine);
}

/** The store of the container runtime was removed. */
export function forgetImages(machine: SimulatedMachine): void {
  machine.images.clear();
}

/** Everything that was written is on disk. */
export function syncImages(machine: SimulatedMachine): void {
  for (const image of machine.images.values()) image.durable = true;
}

/** What power leaves of images that nobody had synced: their files are there and hold nothing (containerd does not fsync). */
export function tearImages(machine: SimulatedMachine): void {
  for (const image of machine.images.values()) if (!image.durable) image.torn = true;
}
