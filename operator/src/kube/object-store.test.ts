import { describe, expect, it } from 'vitest';
import type { KubeObject } from './object.ts';
import { ObjectStore } from './object-store.ts';

const object = (name: string, uid: string, resourceVersion: string, node = 'n'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'x', uid, resourceVersion },
  spec: { nodeName: node },
});

function store(ordered = true) {
  const troubles: unknown[] = [];
  const told: string[] = [];
  const made = new ObjectStore({
    indexes: { node: (one) => [one['spec'].nodeName] },
    ordered,
    onTrouble: (error) => troubles.push(error),
  });
  made.onChange({
    added: ({ metadata }) => told.push(`+${metadata.name}/${metadata.uid}`),
    updated: ({ metadata }) => told.push(`~${metadata.name}@${metadata.resourceVersion}`),
    deleted: ({ metadata }) => told.push(`-${metadata.name}/${metadata.uid}`),
  });
  return { made, told, troubles };
}

describe('the copy of a reflector', () => {
  it('tells a new uid under an old name as a deletion and an addition', () => {
    const { made, told } = store();
    made.put(object('a', '1', '5'));

    made.replace([object('a', '2', '9')]);

    expect(told).toEqual(['+a/1', '-a/1', '+a/2']);
  });

  it('tells what a list no longer holds', () => {
    const { made, told } = store();
    made.replace([object('a', '1', '5'), object('b', '2', '6')]);

    made.replace([object('b', '2', '6')]);

    expect(told).toEqual(['+a/1', '+b/2', '-a/1']);
  });

  it('ignores an older state, also of numbers that no double can hold', () => {
    const { made, told } = store();
    made.put(object('a', '1', '9007199254740993'));

    made.put(object('a', '1', '9007199254740992'));

    expect(told).toEqual(['+a/1']);
  });

  it('believes a list also where it holds an older state: the database of the server was restored', () => {
    const { made, told } = store();
    made.put(object('a', '1', '50'));

    made.replace([object('a', '1', '9')]);
    made.put(object('a', '1', '10'));

    expect(told).toEqual(['+a/1', '~a@9', '~a@10']);
  });

  it('tells nothing of what it knows already', () => {
    const { made, told } = store();
    made.put(object('a', '1', '5'));

    made.put(object('a', '1', '5'));
    made.replace([object('a', '1', '5')]);
    made.delete(object('b', '2', '6'));

    expect(told).toEqual(['+a/1']);
  });

  it('does not take the end of an earlier object of the same name for the end of this one', () => {
    const { made, told } = store();
    made.put(object('a', '2', '9'));

    made.delete(object('a', '1', '8'));

    expect(told).toEqual(['+a/2']);
  });

  it('tells an end with the last state that was seen', () => {
    const { made } = store();
    const ends: string[] = [];
    made.onChange({ deleted: (one) => ends.push(`${one.metadata.resourceVersion} ${one['spec'].nodeName}`) });
    made.replace([object('a', '1', '5', 'one'), object('b', '2', '6', 'two')]);

    made.delete(object('a', '1', '9', 'three'));
    made.replace([]);

    expect(ends).toEqual(['9 three', '6 two']);
  });

  it('takes every state where versions cannot be compared', () => {
    const { made, told } = store(false);
    made.put(object('a', '1', '9'));

    made.put(object('a', '1', '8'));

    expect(told).toEqual(['+a/1', '~a@8']);
  });

  it('finds by an index, after changes too', () => {
    const { made } = store();
    made.put(object('a', '1', '1', 'one'));
    made.put(object('b', '2', '2', 'one'));

    made.put(object('a', '1', '3', 'two'));
    made.delete(object('b', '2', '4', 'one'));

    expect([made.by('node', 'one'), made.by('node', 'two').map(({ metadata }) => metadata.name)]).toEqual([[], ['a']]);
  });

  it('outlives a handler that throws', () => {
    const { made, told, troubles } = store();
    made.onChange({
      added: () => {
        throw new Error('oops');
      },
    });

    made.put(object('a', '1', '1'));
    made.put(object('b', '2', '2'));

    expect(told).toEqual(['+a/1', '+b/2']);
    expect(troubles).toHaveLength(2);
  });
});
