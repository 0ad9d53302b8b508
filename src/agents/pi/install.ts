import type { AgentInstaller } from '../installer.ts';
import { isOwnPlugin, pluginCommands } from '../shared/plugin-code.ts';
import { piExtension } from './extension-text.ts';
import { piFolder } from './place.ts';

/** Pi loads every file of its `extensions` folder, so ours is a file of its own. */
export const piInstaller: AgentInstaller = {
  files: (place) => [`${piFolder(place)}/extensions/tallyhook.ts`],
  add(_path, text, command) {
    // An extension of this name that is not ours stays.
    if (text !== null && !isOwnPlugin(text)) return null;
    const wanted = piExtension(command);
    return wanted === text ? null : wanted;
  },
  remove: (_path, text) => (isOwnPlugin(text) ? null : text),
  commands: pluginCommands,
  manualSteps: () => [],
};
