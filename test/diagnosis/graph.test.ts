import { describe, expect, it } from 'vitest';
import { cascades } from '#diagnosis/graph';
import { type Trouble, unknown } from '#diagnosis/trouble';

/** `name` blames others; ranks go by the order in which they are named here. */
function trouble(name: string, rank: number, ...blames: readonly string[]): Trouble {
  const about = { key: name, name, rank, object: name, code: 'POD-FAILING' as const, message: name, blames };
  return { ...unknown(about, ['kubectl get pods']), title: name };
}

const told = (...troubles: readonly Trouble[]) =>
  cascades(troubles).map(({ root, levels }) => [root.key, ...levels.map((names) => names.join('+'))].join(' → '));

describe('the graph of troubles', () => {
  it('tells a chain from its root, each link once', () => {
    const chain = [
      trouble('pvc', 4, 'webhook'),
      trouble('webhook', 3, 'dns'),
      trouble('dns', 2, 'multus'),
      trouble('multus', 1),
    ];

    expect(told(...chain)).toEqual(['multus → dns → webhook → pvc']);
  });

  it('keeps what is wrong by itself apart', () => {
    expect(told(trouble('node', 0), trouble('pod', 3, 'node'), trouble('shop', 3))).toEqual(['node → pod', 'shop']);
  });

  it('tells what needs two things after both', () => {
    expect(told(trouble('a', 0), trouble('b', 1, 'a'), trouble('c', 2, 'a', 'b'))).toEqual(['a → b → c']);
  });

  it('breaks a ring at the one that lies nearest to the machine', () => {
    expect(told(trouble('webhook', 5, 'pod'), trouble('pod', 3, 'dns'), trouble('dns', 2, 'webhook'))).toEqual([
      'dns → pod → webhook',
    ]);
  });

  it('leaves out what is under way and waits for nothing that is in trouble', () => {
    const waits = { ...trouble('kubevirt', 7, 'virt-api'), underWay: true as const };

    expect(told(waits)).toEqual([]);
    expect(told(waits, trouble('virt-api', 3))).toEqual(['virt-api → kubevirt']);
  });

  it('forgets what is blamed and is well', () => {
    expect(told(trouble('pvc', 4, 'longhorn'))).toEqual(['pvc']);
  });
});
