import { describe, expect, it } from 'vitest';
import { keeper } from './kept-object.ts';
import type { KubeObject } from './object.ts';

const applied = 'kubectl.kubernetes.io/last-applied-configuration';
const object = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'a',
    resourceVersion: '7',
    managedFields: [{ manager: 'kubectl' }],
    annotations: { [applied]: '{}', note: 'kept' },
  },
  spec: { nodeName: 'n' },
};
const pods = { apiVersion: 'v1', kind: 'Pod' };

describe('what is kept of an object', () => {
  it('is everything but the bookkeeping of those who wrote it', () => {
    expect(keeper(pods)(object)).toEqual({
      ...object,
      metadata: { name: 'a', resourceVersion: '7', annotations: { note: 'kept' } },
    });
  });

  it('is without annotations where there was none but that', () => {
    const { annotations: _, ...metadata } = object.metadata;

    expect(keeper(pods)({ ...object, metadata: { ...metadata, annotations: { [applied]: '{}' } } })).toEqual({
      ...object,
      metadata: { name: 'a', resourceVersion: '7' },
    });
  });

  it('is the object itself where there is nothing to leave out', () => {
    const lean = { ...object, metadata: { name: 'a', annotations: { note: 'kept' } } };

    expect(keeper(pods)(lean)).toBe(lean);
  });

  it('takes what cannot be changed any more as it is', () => {
    const given = Object.freeze({ apiVersion: 'v1', kind: 'Pod', metadata: Object.freeze({ name: 'a' }) });

    expect(keeper(pods)(given)).toBe(given);
  });

  it('goes by the name of its kind where only its metadata came', () => {
    const partial = { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata: { name: 'a' } };

    expect(keeper({ apiVersion: 'v1', kind: 'Secret', metadataOnly: true })(partial)).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a' },
    });
  });

  it('never holds the data of a Secret of which only the metadata was wanted, whatever the server sends', () => {
    const whole = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { password: 'c2VjcmV0' } };

    expect(keeper({ apiVersion: 'v1', kind: 'Secret', metadataOnly: true })(whole)).not.toHaveProperty('data');
  });

  it('is what a transform leaves of it', () => {
    const transform = ({ apiVersion, kind, metadata }: KubeObject) => ({ apiVersion, kind, metadata });

    expect(keeper({ ...pods, transform })(object)).not.toHaveProperty('spec');
  });

  it('cannot be changed, down to its last field', () => {
    const kept = keeper(pods)(structuredClone(object));

    expect(() => {
      kept['spec'].nodeName = 'other';
    }).toThrow(TypeError);
  });
});
