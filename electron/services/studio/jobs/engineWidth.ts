import { type DeviceVerdict, usableDevices } from '#shared/models/devices.ts';

/** Beside each other on a graphics card: they share runs there, and one alone leaves it idle between two. */
const onGraphicsCard = 4;

/** How many items the models' process does at once: one on a processor, where two would only wait for each other. */
export const engineWidth = (devices: readonly DeviceVerdict[]): number =>
  usableDevices(devices)[0] === 'cpu' ? 1 : onGraphicsCard;
