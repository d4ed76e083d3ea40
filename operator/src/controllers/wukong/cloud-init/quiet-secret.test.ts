import { afterEach, beforeEach, expect, it } from 'vitest';
import { SnapshotSite } from '../../../../../test/fixtures/snapshot-site.ts';

let site: SnapshotSite;
beforeEach(async () => {
  site = await SnapshotSite.begin();
  await site.wukong({ cloudInitUser: { name: 'plant', password: 'a long one' } });
  await site.rig.until(async () => (await site.said('Wukong', 'press', 'Ready')).startsWith('True'));
  await site.rig.clock.sleep(60_000);
  site.written.length = 0;
});
afterEach(() => site.end());

const secret = () => site.rig.get('v1', 'Secret', 'press-cloudinit', 'default');

it('does not write the Secret of cloud-init again, of which it keeps the name alone', async () => {
  for (const note of ['a', 'b', 'c']) {
    await site.rig.patch(await site.get('Wukong'), { metadata: { annotations: { note } } });
    await site.rig.clock.sleep(5000);
  }

  expect(site.written).toEqual([]);
});

it('writes it again when somebody has changed what it holds', async () => {
  await site.rig.patch(await secret(), { data: { userdata: btoa('#cloud-config\n') } });
  await site.rig.clock.sleep(5000);

  expect(atob((await secret()).data.userdata)).toContain('name: "plant"');
  expect(site.written).toEqual(['PATCH secrets/press-cloudinit 409', 'PATCH secrets/press-cloudinit 200']);
});
