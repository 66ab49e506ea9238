import { openHostPort } from '#electron/links/hostPort.ts';
import { serve } from '#electron/links/serve.ts';
import { createProbeRouter } from './probeRouter.ts';

const port = openHostPort();
serve(createProbeRouter(port), port);
