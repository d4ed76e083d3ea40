/** Every feature gate that KubeVirt 1.8 or 1.9 knows; it ignores all other names without a word. */
export const featureGates: readonly string[] = `
  LiveMigration SRIOVLiveMigration NUMA GPU HotplugNICs VMLiveUpdateFeatures NetworkBindingPlugins
  VMPersistentState VMExport ExpandDisks CommonInstancetypesDeploymentGate VolumesUpdateStrategy
  VolumeMigration InstancetypeReferencePolicy EnableVirtioFsConfigVolumes PersistentReservation PanicDevices
  VideoConfig MigrationPriorityQueue SecureExecution Snapshot NodeRestriction ImageVolume
  DeclarativeHotplugVolumes KubevirtSeccompProfile Template RebootPolicy GPUsWithDRA HostDevicesWithDRA
  WorkloadEncryptionSEV PasstBinding OptOutRoleAggregation VmiMemoryOverheadReport ExternalNetResourceInjection
  PodSecondaryInterfaceNamingUpgrade LibvirtHooksServerAndClient CPUManager HostDevices HostDisk Sidecar VSOCK
  DownwardMetrics IncrementalBackup ObjectGraph UtilityVolumes DecentralizedLiveMigration PCINUMAAwareTopology
  IOMMUFD OCIExport Plugins HotplugVolumes DockerSELinuxMCSWorkaround MultiArchitecture
  DisableMDEVConfiguration Macvtap Passt ExperimentalVirtiofsSupport DataVolumes CPUNodeDiscovery NonRoot Root
  ClusterProfiler
`
  .trim()
  .split(/\s+/);
