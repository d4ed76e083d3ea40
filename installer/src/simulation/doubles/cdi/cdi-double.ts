import { double } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { cdiApi } from './cdi-api.ts';
import { cdiOperator } from './cdi-operator.ts';
import { dataVolumes } from './data-volumes.ts';
import { storageProfiles } from './storage-profiles.ts';

/** CDI v1.65.0: operator, API, storage profiles and DataVolumes. */
export const cdiDouble = double('CDI', (stage) => {
  cdiOperator(stage);
  cdiApi(stage);
  let refresh = () => {};
  const cdis = stage.follow({ path: kindPath('cdi.kubevirt.io/v1beta1', 'CDI'), on: () => refresh() });
  const deployments = stage.follow({ path: kindPath('apps/v1', 'Deployment', 'cdi'), on: () => refresh() });
  const storage = storageProfiles(stage, cdis, deployments);
  const volumes = dataVolumes(stage, { cdis, deployments, classes: storage.classes });
  refresh = () => {
    storage.refresh();
    volumes.refresh();
  };
});
