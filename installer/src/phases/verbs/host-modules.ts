import type { HostSight } from '#ports/host';
import type { Sight } from '#ports/world';
import { fileWith } from './host-file.ts';
import type { Part } from './host-part.ts';

export type ModuleNames = (sight: Sight) => Promise<readonly string[]>;

/** Kernel modules that are loaded now; those built into the kernel count. */
export function modulesLoaded(names: ModuleNames): Part {
  return {
    async changes(sight) {
      const missing = await notLoaded(sight.host, await names(sight));
      return missing.map((name) => ({ what: `kernel module ${name}`, from: 'not loaded', to: 'loaded' }));
    },
    async make(stage) {
      for (const name of await notLoaded(stage.host, await names(stage))) await stage.host.run(['modprobe', name]);
    },
  };
}

/** The same modules at every boot. */
export function modulesAtBoot(path: string, names: ModuleNames): Part {
  return fileWith(path, async (sight) => `${(await names(sight)).join('\n')}\n`);
}

async function notLoaded(host: HostSight, names: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await host.ask(['lsmod']);
  const loaded = new Set(stdout.split('\n').map((line) => line.split(/\s/)[0]));
  const missing: string[] = [];
  for (const name of names) {
    const own = name.replaceAll('-', '_');
    if (!loaded.has(own) && (await host.look(`/sys/module/${own}`)) === undefined) missing.push(name);
  }
  return missing;
}
