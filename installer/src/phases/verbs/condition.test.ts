import { describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import { type Condition, every, gate, inOrder, met, unmet } from './condition.ts';
import { oneDefaultStorageClass } from './default-storage-class.ts';
import { fakeStage, patience } from './fake-stage.ts';

const fault = new Fault({ code: 'POD-FAILING', message: 'a pod keeps failing', remedy: ['look'] });
const yes: Condition = async () => met('yes');
const no: Condition = async () => unmet('not yet');
const blamed: Condition = async () => unmet('it fails', { blame: fault });
const hopeless: Condition = async () => unmet('never', { hopeless: fault });

describe('conditions', () => {
  it('in order, look no further than the first that is open', async () => {
    expect(await inOrder(yes, no, hopeless)(fakeStage())).toEqual({ ready: false, because: 'not yet' });
  });

  it('all at once, let a hopeless one speak first', async () => {
    expect(await every(no, blamed, hopeless)(fakeStage())).toMatchObject({ because: 'never', hopeless: fault });
  });

  it('give all their evidence when they are met', async () => {
    expect(await every(yes, inOrder(yes, yes))(fakeStage())).toEqual({ ready: true, evidence: ['yes', 'yes', 'yes'] });
  });

  it('turn the end of patience into the fault of whom they blame', async () => {
    const open = gate({ title: 'it', ...patience }, blamed);
    await open.check(fakeStage());

    expect(await open.explain?.(fakeStage(), 'it fails')).toBe(fault);
  });
});

describe('the default storage class', () => {
  const storageClass = (name: string, isDefault: boolean) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) } },
  });

  it('is one alone', async () => {
    const stage = fakeStage();
    stage.cluster.put(storageClass('longhorn', true), storageClass('longhorn-vm', false));

    expect(await oneDefaultStorageClass('longhorn')(stage)).toMatchObject({ ready: true });
  });

  it('is hopeless when there are two, and says how to end that', async () => {
    const stage = fakeStage();
    stage.cluster.put(storageClass('local-path', true), storageClass('longhorn', true));

    const seen = await oneDefaultStorageClass('longhorn')(stage);

    expect(seen).toMatchObject({
      because: 'local-path and longhorn are both default',
      hopeless: {
        code: 'STORAGE-CLASS-AMBIGUOUS',
        message: '2 StorageClasses are the default: local-path, longhorn',
        remedy: [
          'kubectl annotate storageclass local-path storageclass.kubernetes.io/is-default-class=false --overwrite',
        ],
      },
    });
  });
});
