import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { productSbom, settled } from '../../scripts/sbom.ts';
import { bomMistakes } from '../fixtures/cyclonedx.ts';

const root = join(import.meta.dirname, '../..');
const own: Json = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
let text: string;
let bom: Json;

beforeAll(() => {
  text = productSbom();
  bom = JSON.parse(text);
});

describe('the bill of materials of the product', () => {
  it('is a document of CycloneDX 1.6', () => {
    expect(bom.specVersion).toBe('1.6');
    expect(bomMistakes(bom)).toEqual([]);
  });

  it('names every package that the product stands on, exactly, and none that only builds it', () => {
    const named = new Set<string>(bom.components.map(({ purl }: Json) => decodeURIComponent(purl)));
    const wanted = Object.entries<string>({ ...own.dependencies, ...own.optionalDependencies });

    expect(wanted.length).toBeGreaterThan(10);
    expect(wanted.filter(([name, version]) => !named.has(`pkg:npm/${name}@${version}`))).toEqual([]);
    const lock: Readonly<Record<string, Json>> = JSON.parse(
      readFileSync(join(root, 'package-lock.json'), 'utf8'),
    ).packages;
    const shipped = Object.entries(lock).filter(([place, entry]) => place !== '' && !entry.dev);
    const expected = shipped.map(
      ([place, { version }]) => `pkg:npm/${place.replace(/^.*node_modules\//, '')}@${version}`,
    );
    expect(named).toEqual(new Set(expected));
  });

  it('tells the licence and the digest of each', () => {
    const silent = bom.components.filter(({ licenses, hashes }: Json) => !licenses?.length || !hashes?.length);

    expect(silent.map(({ name }: Json) => name)).toEqual([]);
  });

  it('has the same bytes at another time, from another folder and by another npm', () => {
    const elsewhere = {
      ...bom,
      serialNumber: 'urn:uuid:00000000-0000-4000-8000-000000000000',
      metadata: {
        ...bom.metadata,
        timestamp: '2001-01-01T00:00:00Z',
        tools: [{ vendor: 'npm', name: 'cli', version: '1' }],
        component: { ...bom.metadata.component, name: 'checkout-of-mine', type: 'library' },
      },
      components: bom.components.toReversed(),
      dependencies: bom.dependencies.toReversed(),
    };

    expect(settled(elsewhere)).toBe(text);
  });
});
