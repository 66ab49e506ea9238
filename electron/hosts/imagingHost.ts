import { openHostPort } from '../links/hostPort.ts';
import { serve } from '../links/serve.ts';
import { createImagingRouter } from '../services/imaging/imagingRouter.ts';

serve(createImagingRouter(), openHostPort());
