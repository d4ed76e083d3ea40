/** The cluster and what runs on it. */
import * as z from 'zod';
import { Duration, Size } from '../units.ts';
import { cidr, hostname, line, path, secret, url } from './terms.ts';

export const K3s = z
  .strictObject({
    dataDir: path
      .default('/var/lib/rancher/k3s')
      .meta({ description: 'Where k3s keeps its state and images.', examples: ['/var/lib/rancher/k3s'] }),
    clusterCidr: cidr.prefault('10.42.0.0/16').meta({
      description: 'The network that pods get addresses from; nothing else may use it.',
      examples: ['10.42.0.0/16'],
    }),
    serviceCidr: cidr.prefault('10.43.0.0/16').meta({
      description: 'The network that services get addresses from; nothing else may use it.',
      examples: ['10.43.0.0/16'],
    }),
    tlsSans: z
      .array(hostname)
      .default([])
      .meta({
        description: 'Further names and addresses that the API server is reached by.',
        examples: [['plant7.example']],
      }),
    token: secret
      .meta({
        description: 'What nodes prove to each other that they belong together with; needed with more than one node.',
        examples: [{ fromFile: '/etc/novasphere/secrets/k3s-token' }],
      })
      .optional(),
  })
  .meta({ description: 'The Kubernetes distribution.' });

const auth = z
  .strictObject({
    username: line.meta({ description: 'User name at the registry.', examples: ['plant7'] }),
    password: secret.meta({
      description: 'Where its password is found.',
      examples: [{ fromEnv: 'REGISTRY_PASSWORD' }],
    }),
  })
  .meta({ description: 'How to log in.' });

const tls = z
  .strictObject({
    caFile: path
      .meta({ description: 'Certificate authority of the registry.', examples: ['/etc/ssl/certs/plant7-ca.crt'] })
      .optional(),
    insecureSkipVerify: z
      .boolean()
      .default(false)
      .meta({ description: '`true`: its certificate is not checked.', examples: [false] }),
  })
  .meta({ description: 'How to trust it.' });

export const Registries = z
  .strictObject({
    mirrors: z
      .record(
        z.string().regex(/^(\*|[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?)$/, { error: 'a registry such as docker.io' }),
        z
          .strictObject({
            endpoint: z
              .array(url)
              .min(1)
              .meta({
                description: 'Where to ask instead, in this order.',
                examples: [['https://registry.plant7.example:5000']],
              }),
          })
          .meta({ description: 'A registry, and where to ask instead of it.' }),
      )
      .meta({ description: 'Mirrors by the name of the registry that they stand for.' })
      .optional(),
    configs: z
      .record(
        z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?$/, { error: 'a registry such as registry.example:5000' }),
        z
          .strictObject({ auth: auth.optional(), tls: tls.optional() })
          .meta({ description: 'How a registry is spoken to.' }),
      )
      .meta({ description: 'Login and trust by the name of the registry.' })
      .optional(),
  })
  .meta({ description: 'Image registries, as in `registries.yaml` of k3s.' });

const enabled = z
  .boolean()
  .default(true)
  .meta({ description: '`false` leaves it out.', examples: [true] });
const plain = z.strictObject({ enabled });

export const Components = z
  .strictObject({
    longhorn: z
      .strictObject({
        enabled,
        replicas: z
          .int()
          .min(1)
          .max(3)
          .meta({
            description:
              'On how many nodes each disk of a virtual machine is kept; without it as many as there are nodes, at most 3.',
            examples: [1],
          })
          .optional(),
      })
      .prefault({})
      .meta({ description: 'Storage: the disks of virtual machines.' }),
    multus: plain.prefault({}).meta({ description: 'More than one network per virtual machine.' }),
    nmstate: plain.prefault({}).meta({ description: 'Networks of the nodes, set from inside the cluster.' }),
    kubevirt: z
      .strictObject({
        enabled,
        emulation: z
          .enum(['auto', 'never', 'always'])
          .default('auto')
          .meta({
            description:
              'Virtual machines without hardware virtualisation: slow, for trying out. `auto`: only where the CPU has none.',
            examples: ['auto'],
          }),
        featureGates: z
          .array(z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, { error: 'the name of a KubeVirt feature gate' }))
          .default([])
          .meta({ description: 'Further feature gates of KubeVirt.', examples: [['Sidecar']] }),
      })
      .prefault({})
      .meta({ description: 'Virtual machines.' }),
    cdi: plain.prefault({}).meta({ description: 'Brings disk images into the cluster.' }),
    certManager: plain.prefault({}).meta({ description: 'Certificates.' }),
    operator: plain.prefault({}).meta({ description: 'The Novasphere operator: a virtual machine in twenty lines.' }),
  })
  .meta({ description: 'What is installed on the cluster: all of it unless switched off.' });

export const Verify = z
  .strictObject({
    vm: z
      .strictObject({
        memory: Size.prefault('128Mi').meta({ description: 'Memory of the sample VM.', examples: ['128Mi'] }),
        timeout: Duration.prefault('10m').meta({
          description: 'How long it may take to print its login prompt.',
          examples: ['10m'],
        }),
      })
      .prefault({})
      .meta({ description: 'The sample VM that proves the installation.' }),
    storage: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether to prove that a disk keeps its data over a restart.', examples: [true] }),
    network: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether to prove that the VM gets an address.', examples: [true] }),
  })
  .meta({ description: 'The proof at the end.' });

export const Run = z
  .strictObject({
    concurrency: z
      .int()
      .min(1)
      .max(8)
      .default(1)
      .meta({ description: 'How many phases may be under way at once; 1: one after the other.', examples: [1] }),
    mirrorConsoles: z
      .array(z.string().regex(/^[A-Za-z]+[0-9]*$/, { error: 'a console such as tty1 or ttyS0' }))
      .default([])
      .meta({ description: 'Consoles that show the progress as well.', examples: [['tty1', 'ttyS0']] }),
    onSuccess: z
      .strictObject({
        webhook: url
          .nullable()
          .default(null)
          .meta({ description: 'A URL that is told of success, or null.', examples: [null] }),
      })
      .prefault({})
      .meta({ description: 'What happens when all is done.' }),
  })
  .meta({ description: 'How the installation itself goes about it.' });
