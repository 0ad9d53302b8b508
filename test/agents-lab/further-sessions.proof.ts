import { proveSessions } from './prove-sessions.ts';

proveSessions(['cline', 'droid', 'pi']);
