/** `KEY=value` lines, as /etc/os-release and `timedatectl show` write them; quotes around a value are taken off. */
export function keyValues(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, key, value = ''] = /^\s*([A-Za-z_]\w*)=(.*?)\s*$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, value.replace(/^(["'])(.*)\1$/, '$2')] as const];
    }),
  );
}
