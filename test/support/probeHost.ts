import { openHostPort } from '#electron/links/hostPort.ts';
import { serve } from '#electron/links/serve.ts';
import { createProbeRouter } from './probeRouter.ts';

serve(createProbeRouter(), openHostPort());
