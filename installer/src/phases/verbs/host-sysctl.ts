import type { Change } from '#engine/step';
import { fileWith } from './host-file.ts';
import type { Part } from './host-part.ts';

/** Kernel settings, at every boot and now. Each is read back from the running kernel. */
export function sysctlSet(path: string, settings: Readonly<Record<string, string>>): readonly Part[] {
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
  return [fileWith(path, lines.join('')), live(path, settings)];
}

function live(path: string, settings: Readonly<Record<string, string>>): Part {
  return {
    async changes({ host }) {
      const changes: Change[] = [];
      for (const [key, value] of Object.entries(settings)) {
        const now = words((await host.ask(['sysctl', '-n', key])).stdout);
        if (now !== words(value)) changes.push({ what: key, ...(now === '' ? {} : { from: now }), to: value });
      }
      return changes;
    },
    make: async ({ host }) => void (await host.run(['sysctl', '-p', path])),
  };
}

/** The kernel separates lists by tabs, people by blanks. */
function words(text: string): string {
  return text.trim().split(/\s+/).join(' ');
}
