import { useTranslation } from 'react-i18next';

const known = ['cpu', 'cuda', 'dml', 'coreml', 'webgpu'] as const;

/** Names a device for people; one that is not known by its own name. */
export function useDeviceName(): (device: string) => string {
  const { t } = useTranslation();
  return (device) => {
    const name = known.find((one) => one === device);
    return name ? t(`models.devices.${name}`) : device;
  };
}
