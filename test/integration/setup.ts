import { renewNow } from './pipeline/mesh.ts';

renewNow();
