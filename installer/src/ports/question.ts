/** The read-only commands a probe may ask. One line each: program and the words it must start with. */
export const questions = [
  ['blkid'],
  ['chronyc', 'tracking'],
  ['cat'],
  ['date', '+%s'],
  ['df'],
  ['dmesg'],
  ['dpkg-query'],
  ['du', '-s'],
  ['findmnt'],
  ['getent'],
  ['hostnamectl', 'status'],
  ['ip', '-j'],
  ['ip6tables-save'],
  ['iptables', '--version'],
  ['iptables-save'],
  ['journalctl', '--no-pager', '--unit'],
  ['k3s', '--version'],
  ['k3s', 'ctr', 'images', 'list'],
  ['k3s', 'kubectl', 'get'],
  ['localectl', 'status'],
  ['lsblk'],
  ['lscpu'],
  ['lsmod'],
  ['modinfo'],
  ['nmcli', '-t'],
  ['resolvectl', 'status'],
  ['ss', '-Hltnup'],
  ['stat'],
  ['sysctl', '-n'],
  ['systemctl', 'is-active'],
  ['systemctl', 'is-enabled'],
  ['systemctl', 'show'],
  ['timedatectl', 'show'],
  ['udevadm', 'info'],
  ['uname'],
  ['wipefs', '--no-act'],
] as const;

type Known = (typeof questions)[number];
type Asked<Start> = Start extends readonly [...infer Words extends string[]] ? readonly [...Words, ...string[]] : never;

/** An argument list that starts with a known read-only command. Anything else does not compile. */
export type Question = Known extends infer One ? (One extends readonly string[] ? Asked<One> : never) : never;

/** The same rule at run time, for adapters that are handed untyped words. */
export function isQuestion(command: readonly string[]): command is Question {
  return questions.some((start) => start.every((word, index) => command[index] === word));
}
