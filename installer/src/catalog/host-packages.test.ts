import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { hostPackages } from './host-packages.ts';

it('installs exactly the packages that the medium carries', () => {
  const file = join(import.meta.dirname, '../../../iso/packages.yaml');

  const carried = load(readFileSync(file, 'utf8')) as Record<string, string>;

  expect(Object.keys(carried)).toEqual([...hostPackages]);
});
