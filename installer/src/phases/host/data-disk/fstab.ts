/** /etc/fstab with exactly one line for this place, at the end; other lines stay as they are. */
export function withMount(table: string, uuid: string, mount: string, filesystem: string): string {
  // nofail: a disk that has died must not keep the machine from booting, where it could be reached and mended.
  const own = `UUID=${uuid} ${mount} ${filesystem} defaults,nofail,x-systemd.device-timeout=30s 0 2`;
  const lines = table.split('\n').filter((line) => line !== '');
  if (lines.filter((line) => isAbout(line, uuid, mount)).join('\n') === own) return table;
  return `${[...lines.filter((line) => !isAbout(line, uuid, mount)), own].join('\n')}\n`;
}

function isAbout(line: string, uuid: string, mount: string): boolean {
  const [source, place] = line.trim().split(/\s+/);
  return source === `UUID=${uuid}` || (source?.startsWith('#') === false && place === mount);
}
