const core = ['v1alpha3', 'v1'];

/** One webhook of KubeVirt: its name, where it answers, and what it asks to see. */
export type Hook = readonly [
  name: string,
  path: string,
  group: string,
  versions: readonly string[],
  operations: string,
  resources: string,
];

export const operatorHooks: readonly Hook[] = [
  ['kubevirt-validator', '/kubevirt-validate-delete', '', core, 'DELETE', 'kubevirts'],
  ['kubevirt-update-validator', '/kubevirt-validate-update', '', core, 'UPDATE', 'kubevirts'],
  ['kubevirt-create-validator', '/kubevirt-validate-create', '', core, 'CREATE', 'kubevirts'],
];
const both = 'CREATE UPDATE';
const beta = ['v1beta1'];
const alpha = ['v1alpha1'];
const instancetype = (kind: string): Hook => [
  `virtualmachine${kind}-validator`,
  `/virtualmachine${kind}s-validate`,
  'instancetype',
  beta,
  both,
  `virtualmachine${kind}s`,
];
export const validators: readonly Hook[] = [
  [
    'virtualmachineinstances-create-validator',
    '/virtualmachineinstances-validate-create',
    '',
    core,
    'CREATE',
    'virtualmachineinstances',
  ],
  [
    'virtualmachineinstances-update-validator',
    '/virtualmachineinstances-validate-update',
    '',
    core,
    'UPDATE',
    'virtualmachineinstances',
  ],
  ['virtualmachine-validator', '/virtualmachines-validate', '', core, both, 'virtualmachines'],
  [
    'virtualmachinereplicaset-validator',
    '/virtualmachinereplicaset-validate',
    '',
    core,
    both,
    'virtualmachineinstancereplicasets',
  ],
  ['virtualmachinepool-validator', '/virtualmachinepool-validate', 'pool', beta, both, 'virtualmachinepools'],
  ['virtualmachinepreset-validator', '/vmipreset-validate', '', core, both, 'virtualmachineinstancepresets'],
  ['migration-create-validator', '/migration-validate-create', '', core, 'CREATE', 'virtualmachineinstancemigrations'],
  ['migration-update-validator', '/migration-validate-update', '', core, 'UPDATE', 'virtualmachineinstancemigrations'],
  [
    'virtualmachinesnapshot-validator',
    '/virtualmachinesnapshots-validate',
    'snapshot',
    beta,
    both,
    'virtualmachinesnapshots',
  ],
  [
    'virtualmachinerestore-validator',
    '/virtualmachinerestores-validate',
    'snapshot',
    beta,
    both,
    'virtualmachinerestores',
  ],
  ['virtualmachinebackup-validator', '/virtualmachinebackups-validate', 'backup', alpha, both, 'virtualmachinebackups'],
  [
    'virtualmachinebackuptracker-validator',
    '/virtualmachinebackuptrackers-validate',
    'backup',
    alpha,
    both,
    'virtualmachinebackuptrackers',
  ],
  ['virtualmachineexport-validator', '/virtualmachineexports-validate', 'export', beta, both, 'virtualmachineexports'],
  instancetype('instancetype'),
  instancetype('clusterinstancetype'),
  instancetype('preference'),
  instancetype('clusterpreference'),
  [
    'kubevirt-crd-status-validator',
    '/status-validate',
    '',
    core,
    both,
    'virtualmachines/status virtualmachineinstancereplicasets/status virtualmachineinstancemigrations/status',
  ],
  ['migration-policy-validator', '/migration-policy-validate-create', 'migrations', alpha, both, 'migrationpolicies'],
  ['vm-clone-validator', '/vm-clone-validate-create', 'clone', beta, both, 'virtualmachineclones'],
];
export const mutators: readonly Hook[] = [
  ['virtualmachines-mutator', '/virtualmachines-mutate', '', core, both, 'virtualmachines'],
  ['virtualmachineinstances-mutator', '/virtualmachineinstances-mutate', '', core, both, 'virtualmachineinstances'],
  ['migrations-mutator', '/migration-mutate-create', '', core, 'CREATE', 'virtualmachineinstancemigrations'],
  ['virtualmachineclones-mutator', '/vm-clone-mutate-create', 'clone', beta, 'CREATE', 'virtualmachineclones'],
];
