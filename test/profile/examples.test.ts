import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { explainMistakes } from '#profile/explain';
import { profileJsonSchema } from '#profile/json-schema';
import { readProfile } from '#profile/load';
import { profileReference } from '#profile/reference';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const names = (folder: string): string[] =>
  readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith('.yaml'))
    .sort();
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(profileJsonSchema());

describe('the example profiles', () => {
  it.each(names('profiles'))('%s is valid, without a warning', (name) => {
    const reading = readProfile(read(`profiles/${name}`), name);

    expect(reading.isValid ? reading.warnings : explainMistakes(reading.mistakes, name)).toEqual([]);
  });

  it.each(names('profiles'))('%s fits the JSON Schema that editors use', (name) => {
    validate(load(read(`profiles/${name}`)));

    expect(validate.errors).toBeNull();
  });

  it('are the four that the documentation names', () => {
    expect(names('profiles')).toEqual(['edge-hugepages.yaml', 'lab-vm.yaml', 'single-node.yaml', 'three-node.yaml']);
  });
});

describe('the broken examples', () => {
  it.each(names('profiles/broken'))('%s shows its one mistake at the place that its first line names', async (name) => {
    const text = read(`profiles/broken/${name}`);
    const [, line, column] = /^# (\d+):(\d+) /.exec(text) ?? [];

    const reading = readProfile(text, `profiles/broken/${name}`);

    const mistakes = reading.isValid ? [] : reading.mistakes;
    expect(mistakes.map((mistake) => `${mistake.line}:${mistake.column}`)).toEqual([`${line}:${column}`]);
    await expect(`${explainMistakes(mistakes, `profiles/broken/${name}`)}\n`).toMatchFileSnapshot(
      `../golden/profile/${name.replace('.yaml', '.txt')}`,
    );
  });

  it('are refused by the JSON Schema as well where one value alone is wrong', () => {
    const alone = ['missing-key.yaml', 'missing-unit.yaml', 'unknown-key.yaml', 'wrong-word.yaml', 'yes-no.yaml'];

    const accepted = alone.filter((name) => validate(load(read(`profiles/broken/${name}`))));

    expect(accepted).toEqual([]);
  });
});

describe('the generated files', () => {
  it('profiles/profile.schema.json is what the schema makes', () => {
    expect(read('profiles/profile.schema.json')).toBe(`${JSON.stringify(profileJsonSchema(), undefined, 2)}\n`);
  });

  it('docs/reference/profile.md is what the schema makes', () => {
    expect(read('docs/reference/profile.md')).toBe(profileReference());
  });

  it('every key of the reference page is explained', () => {
    const silent = profileReference()
      .split('\n')
      .filter((line) => /^\| `[^`]+` \|  \|/.test(line));

    expect(silent).toEqual([]);
  });
});
