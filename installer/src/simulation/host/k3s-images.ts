import { dataDirOf } from './k3s-config.ts';
import type { SimulatedMachine } from './simulated-machine.ts';

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

export function importedFrom(machine: SimulatedMachine, path: string): readonly string[] {
  const held = machine.options.imagesOf?.(path, machine.files.digest(path)) ?? [];
  return held.filter((image) => !machine.troubles.missingImages.has(image));
}

/** Unpacks every image that is not in the store yet. Nothing of it is safe on disk until somebody syncs. */
export async function importImages(machine: SimulatedMachine): Promise<void> {
  const { bootId } = machine;
  for (const path of archivesOf(machine)) {
    const missing = importedFrom(machine, path).filter((image) => !machine.images.has(image));
    for (const image of missing) machine.images.set(image, { durable: false, torn: false });
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
