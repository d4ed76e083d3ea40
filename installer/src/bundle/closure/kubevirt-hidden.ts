/** An image that virt-operator starts although no manifest names it. */
export interface HiddenImage {
  /** `virt-api`: after registry and prefix of virt-operator's own image. */
  readonly name: string;
  /** What replaces the whole name when it is set on virt-operator. */
  readonly environment: string;
  /** Absent: the tag of virt-operator. */
  readonly tag?: string;
  readonly when: 'always' | Gate;
  readonly reason: string;
}

/** A feature gate of KubeVirt. */
export interface Gate {
  readonly gate: string;
  /** Without being listed: on from 1.9 when it is beta (kubevirt#17405), else off. */
  readonly unlisted: 'on' | 'off';
  /** A switch of `spec.configuration` beside the gate: off despite the gate when false, or on without it when true. */
  readonly also?: { readonly field: string; readonly sense: 'off when false' | 'on when true' };
}

const listed = (gate: string): Gate => ({ gate, unlisted: 'off' });
const template = { field: 'virtTemplateDeployment', sense: 'off when false' } as const;

/** pkg/virt-operator/util/config.go (names, environment), resource/generate/components (who starts what). */
const core: readonly HiddenImage[] = [
  always('virt-api', 'VIRT_API_IMAGE', 'virt-operator makes its Deployment'),
  always('virt-controller', 'VIRT_CONTROLLER_IMAGE', 'virt-operator makes its Deployment'),
  always('virt-handler', 'VIRT_HANDLER_IMAGE', 'virt-operator makes its DaemonSet'),
  always('virt-launcher', 'VIRT_LAUNCHER_IMAGE', 'every machine runs in it, and virt-handler labels nodes with it'),
];

/** Started only by whoever lists the gate; all three are alpha in 1.8 and 1.9 but for PersistentReservation. */
const onDemand: readonly HiddenImage[] = [
  {
    name: 'virt-synchronization-controller',
    environment: 'VIRT_SYNCHRONIZATIONCONTROLLER_IMAGE',
    when: listed('DecentralizedLiveMigration'),
    reason: 'virt-operator makes its Deployment',
  },
  {
    name: 'sidecar-shim',
    environment: 'SIDECAR_SHIM_IMAGE',
    when: listed('Sidecar'),
    reason: 'a hook sidecar beside a machine runs in it',
  },
];

function templates(tag: string, unlisted: Gate['unlisted']): readonly HiddenImage[] {
  return ['apiserver', 'controller'].map((part) => ({
    name: `virt-template-${part}`,
    environment: `VIRT_TEMPLATE_${part.toUpperCase()}_IMAGE`,
    tag,
    when: { gate: 'Template', unlisted, also: template },
    reason: 'virt-operator makes its Deployment',
  }));
}

function exports(when: HiddenImage['when']): readonly HiddenImage[] {
  return [
    {
      name: 'virt-exportproxy',
      environment: 'VIRT_EXPORTPROXY_IMAGE',
      when,
      reason: 'virt-operator makes its Deployment',
    },
    {
      name: 'virt-exportserver',
      environment: 'VIRT_EXPORTSERVER_IMAGE',
      when,
      reason: 'started when a volume is exported',
    },
  ];
}

function reservation(when: Gate): HiddenImage {
  return { name: 'pr-helper', environment: 'PR_HELPER_IMAGE', when, reason: 'virt-handler gets it as a container' };
}

/**
 * By minor version. libguestfs-tools (GS_IMAGE) is left out: only `virtctl guestfs` starts it, on a person's demand.
 * - 1.8: pkg/virt-config/featuregate/active.go at v1.8.4: VMExport beta, Template, PersistentReservation alpha; a beta gate
 *   that is not listed is off (pkg/virt-config/feature-gates.go).
 * - 1.9: pkg/virt-config/featuregate at v1.9.0: VMExport GA, Template beta, PersistentReservation GA with a switch of its
 *   own that is off (kubevirt#16674); a beta gate is on unless disabled (kubevirt#17405). KubeVirt counts as deployed only
 *   once all of them run (resource/apply/reconcile.go): one image too few and it stays Deploying.
 */
export const hiddenImages: Readonly<Record<string, readonly HiddenImage[]>> = {
  '1.8': [
    ...core,
    ...exports(listed('VMExport')),
    ...templates('v0.1.8', 'off'),
    ...onDemand,
    reservation(listed('PersistentReservation')),
  ],
  '1.9': [
    ...core,
    ...exports('always'),
    ...templates('v0.2.2', 'on'),
    ...onDemand,
    reservation({
      ...listed('PersistentReservation'),
      also: { field: 'persistentReservationConfiguration', sense: 'on when true' },
    }),
  ],
};

function always(name: string, environment: string, reason: string): HiddenImage {
  return { name, environment, when: 'always', reason };
}
