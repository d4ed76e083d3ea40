import type { Host, HostSight } from '#ports/host';

const directory = '/var/lib/novasphere/pending';

/**
 * A note on the machine that something still has to happen, written before the file that makes it necessary:
 * a power cut between a file and the command behind it must not look converged afterwards.
 */
export async function isPending(host: HostSight, name: string): Promise<boolean> {
  return (await host.look(`${directory}/${name}`)) !== undefined;
}

export async function whilePending(host: Host, name: string, work: () => Promise<void>): Promise<void> {
  const note = `${directory}/${name}`;
  await host.write(note, '1\n');
  await work();
  await host.remove(note);
}
