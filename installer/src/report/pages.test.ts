import { describe, expect, it } from 'vitest';
import { codes } from '#engine/codes';
import { sampleFault, sampleJournal } from '../../../test/report/sample-journal.ts';
import { eventShapes, type Field } from './event-shapes.ts';
import { eventsPage } from './events-page.ts';
import { faultPages } from './fault-pages.ts';
import { faultsPage } from './faults-page.ts';

describe('the reference pages', () => {
  it('have a paragraph for every fault code, and for no other', () => {
    expect(Object.keys(faultPages).toSorted()).toEqual(Object.keys(codes).toSorted());
    expect(Object.values(faultPages).every((text) => text.length > 40)).toBe(true);
  });

  it('are what their sources make', async () => {
    await expect(faultsPage()).toMatchFileSnapshot('../../../docs/reference/faults.md');
    await expect(eventsPage()).toMatchFileSnapshot('../../../docs/reference/events.md');
  });

  it('describe every field of every event of a run', () => {
    const entries = [...sampleJournal(), ...sampleJournal({ fail: { step: 'kubevirt/cr', fault: sampleFault } })];
    for (const { at: _, event, ...rest } of entries) {
      const fields: Readonly<Record<string, Field>> = eventShapes[event].fields;
      const described = Object.entries(fields).filter(([name, field]) => field.optional !== true || name in rest);

      expect(Object.keys(rest).toSorted()).toEqual(described.map(([name]) => name).toSorted());
      for (const [name, value] of Object.entries(rest))
        expect(isOf(value, fields[name]!), `${event}.${name}`).toBe(true);
    }
  });
});

function isOf(value: unknown, { type, oneOf }: Field): boolean {
  if (oneOf !== undefined) return oneOf.includes(value as string);
  if (type === 'strings') return Array.isArray(value) && value.every((one) => typeof one === 'string');
  if (type === 'objects') return Array.isArray(value) && value.every((one) => typeof one === 'object');
  return typeof value === type;
}
