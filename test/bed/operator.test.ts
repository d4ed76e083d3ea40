import { afterAll, beforeAll, expect, it } from 'vitest';
import { WukongBed } from '../testbed/wukong-bed.ts';
import { changesAreCarriedOut } from './operator/changes.ts';
import { departuresEnd } from './operator/departures.ts';
import { disksAreFilled } from './operator/imports.ts';
import { othersAreRespected } from './operator/others.ts';
import { snapshotsAreTaken } from './operator/snapshots.ts';

// One platform for all of them: installing it takes longer than they do.

let bed: WukongBed;
beforeAll(async () => {
  bed = await WukongBed.open();
});
afterAll(() => bed?.close());

const suites = [disksAreFilled, changesAreCarriedOut, othersAreRespected, snapshotsAreTaken, departuresEnd];
for (const suite of suites) suite(() => bed);

it('B22: none of this took a right that the role does not have', async () => {
  const refused = (await bed.asked()).filter(({ code }) => code === 403);

  expect(refused.map(({ verb, uri }) => `${verb} ${uri}`)).toEqual([]);
});
