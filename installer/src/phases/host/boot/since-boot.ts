import type { Host, HostSight } from '#ports/host';

const noteFile = '/var/lib/novasphere/changed-in-boot';
const bootFile = '/proc/sys/kernel/random/boot_id';

/** Notes that something was written which only the next boot brings into effect. The note dies with this boot. */
export async function noteChangeForBoot(host: Host): Promise<void> {
  await host.write(noteFile, `${(await host.read(bootFile))?.trim()}\n`);
}

export async function isChangedSinceBoot(host: HostSight): Promise<boolean> {
  const [noted, boot] = await Promise.all([host.read(noteFile), host.read(bootFile)]);
  return noted !== undefined && noted.trim() === boot?.trim();
}
