import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describe as told } from '#engine/run-step';
import type { Entry } from '#ports/journal';
import { damages } from '../fixtures/damages.ts';
import { hasUpstream } from '../fixtures/rehearsed.ts';
import { BedStage } from '../testbed/stage.ts';

// What somebody did to a platform is found and mended on a real API server, and nothing else is written: its audit log says so.

const limit = 300_000;
let stage: BedStage;
beforeAll(async () => {
  stage = await BedStage.open();
  const installed = await stage.play({ limit });
  expect(installed.faults.map((fault) => fault.record())).toEqual([]);
}, limit);
afterAll(() => stage.close());

function changesIn(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap((one) => (one.event === 'found' ? one.changes.map(told) : []));
}

describe.skipIf(!hasUpstream)('somebody', () => {
  it.each(damages)(
    '$what: it is found, mended, and nothing else is written',
    async (damage) => {
      await damage.do(stage.site.plane.transport('admin'));
      const looked = changesIn((await stage.play({ mode: 'inspect', limit })).entries);
      const since = (await stage.site.plane.audit()).length;

      const mended = await stage.play({ only: [damage.phase], limit });

      expect(mended.faults.map((fault) => fault.record())).toEqual([]);
      expect(looked.map((line) => damage.found.find((one) => line.startsWith(one)) ?? line)).toEqual(damage.found);
      const own = (await stage.site.plane.audit()).slice(since).filter(({ user }) => user === 'novasphere-installer');
      const written = own
        .filter(({ mutating, code }) => mutating && code < 300)
        .map(({ uri }) => uri.replace(/\?.*$/, ''));
      expect([...new Set(written)]).toEqual(damage.mended);
    },
    limit,
  );
});
