import { proveSessions } from './prove-sessions.ts';

proveSessions(['copilot', 'opencode']);
