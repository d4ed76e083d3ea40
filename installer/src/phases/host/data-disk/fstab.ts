/** /etc/fstab with exactly one line for this place, at the end; other lines stay as they are. */
export function withMount(table: string, uuid: string, mount: string, filesystem: string): string {
  // nofail: a disk that has died must not keep the machine from booting, where it could be reached and mended.
  const own = `UUID=${uuid} ${mount} ${filesystem} defaults,nofail,x-systemd.device-timeout=30s 0 2`;
  const lines = table.split('\n').filter((line) => line !== '');
  if (lines.filter((line) => isAbout(line, uuid, mount)).join('\n') === own) return table;
  return `${[...lines.filter((line) => !isAbout(line, uuid, mount)), own].join('\n')}\n`;
}

/** /etc/fstab without the line for this place; a table without one stays as it is. */
export function withoutMount(table: string | undefined, mount: string): string | undefined {
  if (table === undefined) return undefined;
  const lines = table.split('\n');
  const others = lines.filter((line) => line === '' || !isAbout(line, '', mount));
  return others.length === lines.length ? table : others.join('\n');
}

function isAbout(line: string, uuid: string, mount: string): boolean {
  const [source, place] = line.trim().split(/\s+/);
  return source === `UUID=${uuid}` || (source?.startsWith('#') === false && place === mount);
}
