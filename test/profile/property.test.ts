import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '#catalog/load-catalog';
import { phases } from '#phases/index';
import { compile } from '#plan/compile';
import { explainMistakes } from '#profile/explain';
import { readProfile } from '#profile/load';

const catalog = await loadCatalog(fileURLToPath(new URL('../..', import.meta.url)));
const valid = readFileSync(new URL('../../profiles/single-node.yaml', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => !/^\s*(#|$)/.test(line))
  .join('\n')
  // Looking a zone up costs more than all the rest of reading a profile.
  .replace('Asia/Shanghai', 'Etc/UTC');
const seed = 20_260_101;

/** A broken profile may be valid by chance; it may not crash, nor have a mistake without a place. One `expect`: they are slow. */
function expectPlaces(text: string | Uint8Array): void {
  const reading = readProfile(text, 'p.yaml');
  if (reading.isValid) return;
  const lines = typeof text === 'string' ? text.split(/\r\n|\r|\n/) : undefined;
  const placeless = reading.mistakes.filter(({ line, column, message, right }) => {
    const isInside = lines === undefined || column <= (lines[line - 1] ?? '').length + 2;
    const isSpoken =
      !/undefined|NaN|\[object|Invalid input/.test(`${message} ${right}`) && message !== '' && right !== '';
    return line < 1 || column < 1 || !isInside || !isSpoken;
  });
  const order = reading.mistakes.map(({ line, column }) => line * 10_000 + column);
  const isOrdered = order.every((place, index) => index === 0 || (order[index - 1] ?? 0) <= place);
  const screen = explainMistakes(reading.mistakes, 'p.yaml');
  expect({ placeless, isOrdered, isShown: screen.includes('p.yaml:') }).toEqual({
    placeless: [],
    isOrdered: true,
    isShown: true,
  });
}

const snippet = fc.oneof(
  fc.constantFrom(
    '\t',
    ': ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '&a ',
    '*a',
    '<<: ',
    '!!str ',
    '!x ',
    '#',
    '|',
    '>',
    '---\n',
    '...\n',
    '\n',
    '\r\n',
    '\r',
    '\u0000',
    '\uFEFF',
    '\u00A0',
    '\uD800',
    '%',
    '@',
    '`',
    '? ',
    '0755',
    '0x10',
    '1e999',
    '.nan',
    '~',
    'null',
    'yes',
    'true',
    '-1',
    '__proto__',
    'constructor',
    '10.42.0.1/16',
    '2026-01-01',
    '1:30',
    ',',
    '😀',
    '：',
  ),
  fc.string({ maxLength: 8 }),
);

interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat({ max: valid.length }),
  cut: fc.oneof(fc.constant(0), fc.nat({ max: 5 }), fc.nat({ max: 200 })),
  put: snippet,
});

function applied(edits: readonly Edit[]): string {
  return edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), valid);
}

const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e21,
    '',
    'yes',
    '10',
    '10m',
    '128Mi',
    '10.7.0.1',
    '10.7.0.0/24',
    'lan0',
    [],
    {},
    [[]],
  ),
  fc.string({ maxLength: 12 }),
  fc.integer(),
);

type Tree = Record<string, unknown> | unknown[];

/** Walks down by a list of numbers and replaces, removes or adds what it finds there. */
function mutate(
  tree: unknown,
  steps: readonly number[],
  act: 'replace' | 'remove' | 'add' | 'double',
  value: unknown,
): void {
  let parent = tree as Tree;
  for (const step of steps) {
    const next = Object.values(parent)[step % Math.max(1, Object.keys(parent).length)];
    if (typeof next !== 'object' || next === null || Object.keys(next).length === 0) break;
    parent = next as Tree;
  }
  const keys = Object.keys(parent);
  const key = keys[(steps.at(-1) ?? 0) % Math.max(1, keys.length)] ?? 'x';
  const slots = parent as Record<string, unknown>;
  if (Array.isArray(parent) && act === 'double') parent.push(structuredClone(parent[0]));
  else if (Array.isArray(parent) && act === 'remove') parent.splice(Number(key), 1);
  else if (act === 'remove') delete slots[key];
  else if (act === 'add') slots[Array.isArray(parent) ? `${parent.length}` : `${key}s`] = value;
  else slots[key] = value;
}

const treeEdit = fc.record({
  steps: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 8 }),
  act: fc.constantFrom('replace' as const, 'remove' as const, 'add' as const, 'double' as const),
  value: leaf,
});

describe('ten thousand broken profiles', () => {
  it('never crash and always name a place: text cut and spliced', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => expectPlaces(applied(edits))),
      { numRuns: 3000, seed },
    );
  });

  it('never crash and always name a place: values replaced, removed, doubled', () => {
    const pristine = load(valid);
    fc.assert(
      fc.property(fc.array(treeEdit, { minLength: 1, maxLength: 3 }), (edits) => {
        const tree = structuredClone(pristine);
        for (const { steps, act, value } of edits) mutate(tree, steps, act, structuredClone(value));
        expectPlaces(dump(tree, { flowLevel: (edits[0]?.steps.length ?? 1) % 5 }));
      }),
      { numRuns: 3000, seed },
    );
  });

  it('never crash and always name a place: bytes flipped', () => {
    const bytes = new TextEncoder().encode(valid);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        (flips) => {
          const copy = Uint8Array.from(bytes);
          for (const [at, byte] of flips) copy[at] = byte;
          expectPlaces(copy);
        },
      ),
      { numRuns: 4000, seed },
    );
  });
});

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

/** Profiles that keep every rule, whatever values they have. */
const sound = fc
  .record({
    site: word,
    octet: fc.integer({ min: 2, max: 250 }),
    host: fc.integer({ min: 2, max: 250 }),
    cards: fc.uniqueArray(fc.integer({ min: 1, max: 254 }), { maxLength: 4 }),
    serial: fc.stringMatching(/^[A-Z0-9]{4,12}$/),
    wipe: maybe(fc.constantFrom<unknown>('if-blank', 'never', true)),
    pages: fc.nat({ max: 4096 }),
    minutes: fc.integer({ min: 1, max: 90 }),
    mebibytes: fc.integer({ min: 64, max: 4096 }),
    emulation: maybe(fc.constantFrom('auto', 'never', 'always')),
    dhcp: fc.boolean(),
    storage: maybe(fc.boolean()),
  })
  .map(({ site, octet, host, cards, serial, wipe, pages, minutes, mebibytes, emulation, dhcp, storage }) => ({
    apiVersion: 'novasphere.dev/v1alpha1',
    kind: 'Profile',
    metadata: { name: site },
    nodes: [
      {
        name: `${site}-a`,
        disks: { data: { match: { serial }, ...(wipe === undefined ? {} : { wipe }) } },
        network: {
          management: {
            match: { mac: '3c:ec:ef:00:01:00' },
            ...(dhcp ? { dhcp } : { addresses: [`192.168.${octet}.${host}/24`], gateway: `192.168.${octet}.1` }),
          },
          interfaces: cards.map((card, index) => ({
            match: { mac: `3c:ec:ef:00:00:${card.toString(16).padStart(2, '0')}` },
            name: `lan${index}`,
          })),
          bridges: cards.map((_, index) => ({ name: `br${index}`, ports: [`lan${index}`] })),
        },
      },
    ],
    host: { hugepages: { '2Mi': pages } },
    ...(emulation === undefined ? {} : { components: { kubevirt: { emulation } } }),
    verify: { vm: { memory: `${mebibytes}Mi`, timeout: `${minutes}m` }, ...(storage === undefined ? {} : { storage }) },
  }));

describe('random valid profiles', () => {
  it('always load, in block and in flow style, and always compile', () => {
    fc.assert(
      fc.property(sound, fc.integer({ min: -1, max: 4 }), (profile, flowLevel) => {
        const reading = readProfile(dump(profile, { flowLevel }), 'p.yaml');

        expect(reading.isValid ? [] : reading.mistakes).toEqual([]);
        if (reading.isValid) expect(compile(reading.profile, catalog, phases).units.length).toBeGreaterThan(10);
      }),
      { numRuns: 500, seed },
    );
  });
});
