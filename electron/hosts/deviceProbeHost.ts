import { deviceKey, probeDevice } from '#models/runtime/probeDevice.ts';
import { Device } from '#shared/models/devices.ts';
import { openHostPort } from '../links/hostPort.ts';

/** Tries one device, tells what it found, and waits to be ended. */
const [, , name] = process.argv;
const port = openHostPort();
void port.postMessage(JSON.stringify({ key: deviceKey(), verdict: await probeDevice(Device.parse(name)) }));
