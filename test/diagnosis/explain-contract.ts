import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose, type Root } from '#diagnosis/diagnose';
import { Fault } from '#engine/fault';
import { diagnosisScreen } from '#report/diagnosis-screen';
import type { ExplainBed } from './bed.ts';
import { cases } from './cases.ts';
import { define } from './definitions.ts';
import { Scene } from './scene.ts';

interface Hooks {
  make(): Promise<ExplainBed>;
  beforeAll(work: () => Promise<void>): unknown;
  afterAll(work: () => Promise<void>): unknown;
}

const golden = join(import.meta.dirname, '../golden/explain');

/** Every failure that the API shows gets its explanation, word for word, on any API server. */
export function explainContract(name: string, hooks: Hooks): void {
  describe(`on ${name}`, () => {
    let bed: ExplainBed;
    hooks.beforeAll(async () => {
      bed = await hooks.make();
      await define(bed);
    });
    hooks.afterAll(() => bed.close());

    it('a cluster in which nothing is wrong is told what was looked at', async () => {
      expect(await explained(bed)).toBe('nothing is wrong: 0 nodes, 0 pods, 0 components looked at in 0.4 s\n');
    });

    it.for(cases)('explains $name', async ({ name: of, build }) => {
      const scene = new Scene(bed);
      try {
        await build(scene);
        await expect(await settled(bed, of)).toMatchFileSnapshot(join(golden, `${of}.txt`));
      } finally {
        await scene.clear();
      }
    });
  });
}

/** Controllers take a moment to have their say: the explanation, once it is the one that is wanted or nothing moves. */
async function settled(bed: ExplainBed, name: string): Promise<string> {
  const wanted = textOf(join(golden, `${name}.txt`));
  for (let left = 25; ; left--) {
    const told = await explained(bed);
    if (told === wanted || left === 0) return told;
    await bed.clock.sleep(200);
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Ten minutes later: what has not come right by then will not. */
async function explained({ cluster, clock }: ExplainBed): Promise<string> {
  const diagnosis = await diagnose({ cluster, now: () => clock.now() + 600_000 });
  return diagnosisScreen({ ...diagnosis, roots: diagnosis.roots.map(timeless) }, { seconds: 0.4 });
}

/** The same without what differs from run to run: times, spans, and names that a controller makes. */
function timeless(root: Root): Root {
  const { code, message, because, where, evidence, remedy } = root.fault.record();
  const cause = because.reduceRight<Error | undefined>(
    (inner, text) => new Error(steady(text), { cause: inner }),
    undefined,
  );
  const [first = '', ...others] = remedy.map(steady);
  const fault = {
    code: code as Fault['code'],
    message: steady(message),
    cause,
    where: where.map(steady),
    evidence: evidence.map(steady),
  };
  return { ...root, fault: new Fault({ ...fault, remedy: [first, ...others] }) };
}

const steady = (text: string) =>
  text
    .replaceAll(/-[a-z0-9]{8,10}-[a-z0-9]{5}\b/g, '-xxxxxxxxxx-xxxxx')
    .replaceAll(
      /\b(kube-multus-ds|virt-handler|longhorn-manager|longhorn-csi-plugin|nmstate-handler)-[a-z0-9]{5}\b/g,
      '$1-xxxxx',
    )
    .replaceAll(/\b\d+ (ms|s|min|h)( \d+ (s|min))?(?= ago)/g, '10 min')
    .replaceAll(/(?<=since )\d+ (ms|s|min|h)( \d+ (s|min))?/g, '11 min')
    .replaceAll(/(?<=(reported at|deleted since) )[\dT:-]+Z/g, '2026-11-21T06:00:00Z');
