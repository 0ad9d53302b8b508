import type { AgentInstaller } from '../installer.ts';
import { isOwnPlugin, pluginCommands } from '../shared/plugin-code.ts';
import { openCodeConfig } from './place.ts';
import { openCodePlugin } from './plugin-text.ts';

/** OpenCode loads every file of its `plugin` folder, so ours is a file of its own. */
export const openCodeInstaller: AgentInstaller = {
  files: (place) => [`${openCodeConfig(place)}/plugin/tallyhook.js`],
  add(_path, text, command) {
    // A plugin of this name that is not ours stays.
    if (text !== null && !isOwnPlugin(text)) return null;
    const wanted = openCodePlugin(command);
    return wanted === text ? null : wanted;
  },
  remove: (_path, text) => (isOwnPlugin(text) ? null : text),
  commands: pluginCommands,
  manualSteps: () => [],
};
