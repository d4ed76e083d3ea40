import { expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { wukongCrd } from '#operator/api/wukong-crd';
import { disk, valid } from './cases/case.ts';
import { said, type Trial } from './judge.ts';

const finalizer = 'wukong.novasphere.dev/finalizer';
/** What the schema of before let pass. */
const wrong = {
  cpu: 0,
  memory: '4000000K',
  startStrategy: { autoStart: false, runStrategy: 'Always' },
  networks: [{ name: 'lan', ipConfig: { mode: 'static' } }],
};

/** Objects from the time of a wider definition are not locked in. */
export function oldObjects(trial: () => Trial): void {
  async function storedFromBefore(name = 'sample'): Promise<void> {
    await trial().replace(wide());
    await trial().until(wrong, (answer) => answer === 'accepted');
    const object = trial().object(wrong, name);
    const made = await trial().create({ ...object, metadata: { ...object.metadata, finalizers: [finalizer] } });
    expect(said(made)).toBe('accepted');
    await trial().replace(wukongCrd());
    await trial().until(wrong, (answer) => answer !== 'accepted');
  }

  it('B26: an invalid object from before loses its finalizer and goes', async () => {
    await storedFromBefore();

    await trial().remove();
    expect((await trial().stored()).metadata.deletionTimestamp).toBeDefined();
    expect(said(await trial().patch({ metadata: { finalizers: null } }))).toBe('accepted');
    expect((await trial().stored()).reason).toBe('NotFound');
  });

  it('B26: an object whose name is too long loses its finalizer and goes', async () => {
    const name = 'a'.repeat(60);
    await storedFromBefore(name);

    await trial().remove(name);
    expect(said(await trial().patch({ metadata: { finalizers: null } }, '', name))).toBe('accepted');
    expect((await trial().stored(name)).reason).toBe('NotFound');
  });

  it('an invalid object from before can be given a status, a label, and one thing right after the other', async () => {
    await storedFromBefore();

    expect(said(await trial().patch({ status: { phase: 'Error' } }, '/status'))).toBe('accepted');
    expect(said(await trial().patch({ metadata: { labels: { a: 'b' }, finalizers: null } }))).toBe('accepted');
    const right = { ...valid, startStrategy: null, networks: null, disks: [disk] };
    expect(said(await trial().patch({ spec: right }))).toBe('accepted');
    await trial().remove();
  });
}

/** Our definition without anything that refuses. */
function wide(): KubeObject {
  return without(wukongCrd(), ['x-kubernetes-validations', 'minimum', 'required', 'default']);
}

function without(value: Json, keys: readonly string[]): Json {
  if (Array.isArray(value)) return value.map((item) => without(item, keys));
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([key, inner]) => !keys.includes(key) || isKey(key, inner));
  return Object.fromEntries(kept.map(([key, inner]) => [key, without(inner, keys)]));
}

/** The keys of a list stay required. */
function isKey(key: string, inner: Json): boolean {
  return key === 'required' && ['name', 'type'].some((one) => inner.includes(one));
}
