import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDocument, root } from '../helpers/documents.ts';
import { closedEnvironment } from '../helpers/hook.ts';

const { text } = readDocument('README.md');

describe('README.md', () => {
  test('stays short: details are in docs/', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(180);
  });

  test('names Claude Code in its first sentence, and says how to start on the first screen', () => {
    const [, sentence = ''] = /^# tallyhook\n\n([^.:]*)/.exec(text) ?? [];
    expect(sentence).toContain('Claude Code');
    const screen = text.split('\n').slice(0, 20).join('\n');
    expect(screen).toContain('npm ci && npm run demo');
  });

  test('shows what the demo prints (--update writes it)', async () => {
    const env = { ...closedEnvironment({}), COLUMNS: '100', LANG: 'C.UTF-8' };
    const script = join(root, 'scripts/demo.mjs');
    const printed = execFileSync(process.execPath, [script], { env, encoding: 'utf8' });
    const shown = printed.slice(printed.indexOf('...\n\n') + 5).trimEnd();
    const [before, , after] = text.split(/(?<=<!-- demo -->\n)|(?=<!-- end of demo -->)/);
    const wanted = `${before}\n\`\`\`\n${shown}\n\`\`\`\n\n${after}`;
    await expect(wanted).toMatchFileSnapshot(join(root, 'README.md'));
  });

  test('links to every page of docs/ that is written for users', () => {
    const forContributors = ['dependencies.md', 'glossary.md'];
    const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
    const missing = pages.filter((name) => !text.includes(`](docs/${name}`));
    expect(missing.sort()).toEqual(forContributors);
  });
});
