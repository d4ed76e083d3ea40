/** The profile: one source for its types, its JSON Schema and its reference page. */
import * as z from 'zod';
import { Bundle } from './schema/bundle.ts';
import { Components, K3s, Registries, Run, Verify } from './schema/cluster.ts';
import { Host } from './schema/host.ts';
import { Node } from './schema/node.ts';
import { name } from './schema/terms.ts';

export { DataDisk, type DiskMatch, type NicMatch } from './schema/devices.ts';
export { Node } from './schema/node.ts';

export const apiVersion = 'novasphere.dev/v1alpha1';

export const Profile = z
  .strictObject({
    apiVersion: z.literal(apiVersion).meta({ description: 'Version of this format.', examples: [apiVersion] }),
    kind: z.literal('Profile').meta({ description: 'What this file is.', examples: ['Profile'] }),
    metadata: z
      .strictObject({ name: name.meta({ description: 'The name of the site.', examples: ['plant-7'] }) })
      .meta({ description: 'What this profile is called.' }),
    nodes: z.array(Node).min(1).meta({ description: 'The machines: one for a single-node site, more for a cluster.' }),
    bundle: Bundle.prefault({}),
    host: Host.prefault({}),
    cluster: z
      .strictObject({ k3s: K3s.prefault({}), registries: Registries.prefault({}) })
      .prefault({})
      .meta({ description: 'The Kubernetes cluster.' }),
    components: Components.prefault({}),
    verify: Verify.prefault({}),
    run: Run.prefault({}),
  })
  .meta({
    title: 'Novasphere profile',
    description: 'What one site is to become: its machines, cluster and components.',
  });

export type Profile = z.output<typeof Profile>;
export type Node = z.output<typeof Node>;
export type Host = z.output<typeof Host>;
