import type { NicFacts } from '#ports/facts';
import { basename, links } from './links.ts';
import { type NicExtra, nicFacts } from './nic-facts.ts';
import type { Peek } from './peek.ts';

const directory = '/sys/class/net';

export async function readNics(peek: Peek): Promise<readonly NicFacts[]> {
  const [json, names] = await Promise.all([peek.answer(['ip', '-j', '-d', 'address']), peek.list(directory)]);
  const extras = await readExtras(peek, names);
  return nicFacts(json === '' ? await withoutIp(peek, names) : json, extras);
}

async function readExtras(peek: Peek, names: readonly string[]): Promise<ReadonlyMap<string, NicExtra>> {
  if (names.length === 0) return new Map();
  const [stat, extras] = await Promise.all([
    peek.answer(['stat', '--format', '%N', ...names.map((name) => `${directory}/${name}`)]),
    Promise.all(names.map((name) => readExtra(peek, name))),
  ]);
  const places = new Map([...links(stat)].map(([link, target]) => [basename(link), target]));
  return new Map(names.map((name, at) => [name, { ...extras[at], ...placed(places.get(name)) }]));
}

function placed(link: string | undefined): NicExtra {
  return link === undefined ? {} : { link };
}

async function readExtra(peek: Peek, name: string): Promise<NicExtra> {
  const [uevent, speed] = await Promise.all([
    peek.text(`${directory}/${name}/device/uevent`),
    peek.text(`${directory}/${name}/speed`),
  ]);
  return { uevent, speed };
}

/** The same shape as `ip` gives, from /sys alone: a minimal system may come without iproute2. */
async function withoutIp(peek: Peek, names: readonly string[]): Promise<string> {
  const found = await Promise.all(
    names.map(async (name) => {
      const value = (file: string) => peek.text(`${directory}/${name}/${file}`);
      const [address, carrier, mtu, type] = await Promise.all(['address', 'carrier', 'mtu', 'type'].map(value));
      return {
        ifname: name,
        link_type: type === '1' ? 'ether' : 'other',
        address,
        mtu: Number(mtu),
        flags: carrier === '1' ? ['LOWER_UP'] : [],
      };
    }),
  );
  return JSON.stringify(found);
}
