import type { Json } from '#kube/json';
import type { Request, Response } from '#kube/transport';
import type { AdmissionAnswer, AdmissionRequest } from '../../bench.ts';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { certificate } from '../pem.ts';
import { serveWebhook } from '../webhook-service.ts';
import { admitDataVolume } from './data-volume-admission.ts';

const UNINSTALL =
  'Rejecting the uninstall request, since there are still DataVolumes present. Either delete all DataVolumes or change the uninstall strategy before uninstalling CDI.';

/** cdi-apiserver: the webhooks of DataVolumes and of the CDI object, and the key that signs upload tokens. */
export function cdiApi(stage: Stage): void {
  serveWebhook(stage, {
    namespace: 'cdi',
    deployment: 'cdi-apiserver',
    service: 'cdi-api',
    subject: 'cdi',
    seconds: 2,
    admit: (request) => admit(stage, request),
    paths: { '/datavolume-mutate': async () => ({ allowed: true }) },
    opened: () => open(stage),
    apis: ['upload.cdi.kubevirt.io/v1beta1'],
    serve: uploadApi,
  });
}

async function admit(stage: Stage, request: AdmissionRequest): Promise<AdmissionAnswer> {
  const kind = request.object?.kind ?? request.oldObject?.kind;
  if (kind === 'DataVolume' && request.operation !== 'DELETE') return admitNewVolume(stage, request);
  if (kind !== 'CDI' || request.operation !== 'DELETE') return { allowed: true };
  const cdi: Json = request.oldObject ?? request.object;
  if (cdi?.spec?.uninstallStrategy !== 'BlockUninstallIfWorkloadsExist') return { allowed: true };
  const { items } = await stage.api.list(kindPath('cdi.kubevirt.io/v1beta1', 'DataVolume'));
  return items.length === 0 ? { allowed: true } : { allowed: false, message: UNINSTALL };
}

async function admitNewVolume(stage: Stage, request: AdmissionRequest): Promise<AdmissionAnswer> {
  const answer = admitDataVolume(request);
  if (!answer.allowed || request.operation !== 'CREATE') return answer;
  const { name, namespace } = request.object.metadata;
  if (name === undefined) return answer;
  const there: Json = await stage.api.get(`${kindPath('v1', 'PersistentVolumeClaim', namespace)}/${name}`);
  const ours = there === undefined || there.metadata.annotations?.['cdi.kubevirt.io/storage.populatedFor'] === name;
  return ours ? answer : { allowed: false, message: `Destination PVC ${namespace}/${name} already exists` };
}

async function open(stage: Stage): Promise<void> {
  const key = { id_rsa: btoa(certificate('cdi-api', 'PRIVATE KEY')), 'id_rsa.pub': btoa(certificate('cdi-api')) };
  await stage.api.ensure({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cdi-api-signing-key', namespace: 'cdi' },
    data: key,
  });
}

/** Only its discovery: tokens for uploads are for people with files to send. */
function uploadApi({ method, path }: Request): Response {
  if (method !== 'GET') throw new Error(`The CDI double serves no upload tokens: teach cdi-api.ts ${method} ${path}`);
  const resources = [{ name: 'uploadtokenrequests', namespaced: true, kind: 'UploadTokenRequest', verbs: ['create'] }];
  const body = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'upload.cdi.kubevirt.io/v1beta1', resources };
  return { status: 200, body };
}
