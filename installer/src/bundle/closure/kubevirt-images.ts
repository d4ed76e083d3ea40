import type { Json } from '#kube/json';
import { type Gate, type HiddenImage, hiddenImages } from './kubevirt-hidden.ts';
import type { Ask, AskingObject, Asks } from './object-images.ts';

const operatorName = 'Deployment kubevirt/virt-operator';

/**
 * The images that virt-operator starts without any manifest naming them: it makes their names of its own image's, and
 * which ones depends on its version and on the gates of the KubeVirt resource.
 */
export function kubevirtImages(objects: readonly AskingObject[]): Asks {
  const operator = objects.find(
    ({ object }) => object.kind === 'Deployment' && object.metadata.name === 'virt-operator',
  );
  const resource = objects.find(({ object }) => object.kind === 'KubeVirt');
  if (operator === undefined) return { asks: [], findings: [] };
  if (resource === undefined) return nothing(`there is no KubeVirt object that says what ${operatorName} shall start`);
  const spec: Json = resource.object['spec'];
  const images = imagesOf(operator.object, spec ?? {});
  if (images === undefined) return nothing(`${operatorName} says of itself no image that others could be named after`);
  const line = /^v?(\d+\.\d+)\./.exec(images.version)?.[1] ?? '';
  const hidden = hiddenImages[line];
  if (hidden === undefined)
    return nothing(
      `${operatorName}: nobody knows which images KubeVirt ${images.version || 'without a version'} starts by itself; known are ${Object.keys(hiddenImages).join(' and ')}`,
    );
  const configuration: Json = spec?.configuration ?? {};
  const wanted = hidden.filter(({ when, environment }) => isOn(when, configuration) && !images.isSet(environment));
  return { asks: wanted.map((one) => askOf(one, images.nameOf(one), operator.from)), findings: [] };
}

function nothing(finding: string): Asks {
  return { asks: [], findings: [finding] };
}

interface OperatorImages {
  /** `v1.8.4` */
  readonly version: string;
  /** Whether the operator is told the image by its environment: then that is what asks. */
  isSet(environment: string): boolean;
  nameOf(image: HiddenImage): string;
}

/** What virt-operator reads from its environment and the resource (pkg/virt-operator/util/config.go, getConfig). */
function imagesOf(deployment: Json, spec: Json): OperatorImages | undefined {
  const [container] = deployment.spec?.template?.spec?.containers ?? [];
  const values = new Map<string, string | undefined>((container?.env ?? []).map((one: Json) => [one.name, one.value]));
  const text = (name: string) => values.get(name) ?? '';
  const own = text('VIRT_OPERATOR_IMAGE') || text('OPERATOR_IMAGE') || String(container?.image ?? '');
  const found = /^(.*)\/(.*)virt-operator([@:].*)?$/.exec(own);
  if (found === null) return undefined;
  const [, registry = '', prefix = '', ending = ''] = found;
  const version = text('KUBEVIRT_VERSION') || ending.replace(/^:/, '');
  const tag = spec.imageTag || (ending.startsWith(':') ? ending.slice(1) : version);
  const place = spec.imageRegistry || registry;
  return {
    version: spec.imageTag || version,
    isSet: (environment) => text(environment) !== '',
    nameOf: (image) => `${place}/${prefix}${image.name}:${image.tag ?? tag}`,
  };
}

function isOn(when: HiddenImage['when'], configuration: Json): boolean {
  if (when === 'always') return true;
  const { gate, unlisted, also } = when;
  const switched = also === undefined ? undefined : configuration[also.field]?.enabled;
  if (also?.sense === 'on when true' && switched === true) return true;
  if (also?.sense === 'off when false' && switched === false) return false;
  const { featureGates = [], disabledFeatureGates = [] } = configuration.developerConfiguration ?? {};
  if (disabledFeatureGates.includes(gate)) return false;
  return unlisted === 'on' || featureGates.includes(gate);
}

function askOf({ when, reason }: HiddenImage, reference: string, from: string): Ask {
  const who = when === 'always' ? operatorName : `${operatorName}, feature gate ${when.gate}`;
  return { reference, asker: { kind: 'gate', who, from, reason: `${reason}${why(when)}` } };
}

function why(when: 'always' | Gate): string {
  return when === 'always' ? '' : `, because the feature gate ${when.gate} is on`;
}
