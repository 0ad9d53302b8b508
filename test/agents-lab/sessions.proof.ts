import { proveSessions } from './prove-sessions.ts';

proveSessions(['codex', 'gemini', 'qwen']);
