import type { Host, HostSight } from '#ports/host';

/** Why this machine was last restarted by us, and out of which boot: kept so that it never restarts in circles. */
export interface RestartNote {
  readonly boot: string;
  readonly because: readonly string[];
}

export const noteFile = '/var/lib/novasphere/restart.json';

export async function restartNote(host: HostSight): Promise<RestartNote | undefined> {
  const text = await host.read(noteFile);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as RestartNote);
  } catch {
    return undefined;
  }
}

export async function noteRestart(host: Host, note: RestartNote): Promise<void> {
  await host.write(noteFile, `${JSON.stringify(note)}\n`);
}
