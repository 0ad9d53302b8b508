import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SETTING_KEYS } from '../../../src/core/settings/table.ts';
import { type Home, temporaryHome } from '../../helpers/home.ts';
import { SILENT, cli, hook } from '../../helpers/program/run.ts';
import { append, request, toolEvent, transcriptPath } from '../../helpers/lines.ts';
import { givenSettings, settingOf, shownSettings } from '../../helpers/program/settings.ts';

/** A repository with a settings file of its own, and a folder inside it. */
function repository(home: Home, text: string): { root: string; inside: string; file: string } {
  const root = join(home.folder, 'repo');
  const inside = join(root, 'src/deep');
  mkdirSync(inside, { recursive: true });
  mkdirSync(join(root, '.git'));
  const file = join(root, '.tallyhook.json');
  writeFileSync(file, text);
  return { root, inside, file };
}

describe('config show', () => {
  test('every setting, its value, and where that comes from', () => {
    const home = temporaryHome();
    givenSettings(home, '{"pricing": {"freeTier": ["Google"]}, "timezone": "Europe/Berlin"}');
    const { inside } = repository(home, '{"project": {"name": "shop"}}');
    const options = { cwd: inside, env: { CUSTOM_COSTS_FILE: '~/p.json', TZ: 'UTC' } };
    const { status, stdout, stderr } = cli(home, ['config', 'show'], options);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "telemetry.path         ~/.local/share/tallyhook/telemetry.db  (default)
      pricing.file           ~/p.json  (environment CUSTOM_COSTS_FILE)
      pricing.fallback       opus  (default)
      pricing.freeTier       ["google"]  (user ~/.config/tallyhook/settings.json)
      pricing.aliases        {}  (default)
      estimate.warnTokens    10000  (default)
      statusline.template    built in  (default)
      export.onSessionEnd    false  (default)
      timezone               Europe/Berlin  (user ~/.config/tallyhook/settings.json)
      project.name           shop  (project ~/repo/.tallyhook.json)
      project.ticketPattern  [A-Z][A-Z0-9]+-\\d+  (default)
      budget.unpriced        count  (default)
      budgets                {}  (default)
      alerts.level           warning  (default)
      alerts.levels          {}  (default)
      alerts.quietHours      none  (default)
      alerts.quietPass       nothing  (default)
      alerts.budgetInfo      0  (default)
      alerts.velocity        false  (default)
      alerts.anomalies       {"info":2.5,"warning":3,"critical":5}  (default)
      alerts.desktop         false  (default)
      alerts.webhookUrl      none  (default)
      alerts.webhookSecret   none  (default)
      alerts.slackUrl        none  (default)
      alerts.ntfyUrl         none  (default)
      alerts.ntfyToken       none  (default)
      alerts.email           false  (default)
      alerts.smtpHost        none  (default)
      alerts.smtpPort        587  (default)
      alerts.smtpUsername    none  (default)
      alerts.smtpPassword    none  (default)
      alerts.emailFrom       none  (default)
      alerts.emailTo         []  (default)
      recording              true  (default)
      "
    `);
    expect(shownSettings(home).settings.map(({ key }) => key)).toEqual(SETTING_KEYS);
    expect(cli(home, ['config'], options).stdout).toBe(stdout);
  });

  test('at 60 columns where it comes from has a line of its own', () => {
    const home = temporaryHome();
    givenSettings(home, '{"timezone": "America/Argentina/ComodRivadavia"}');
    const { stdout } = cli(home, ['config', 'show'], { env: { COLUMNS: '60', FORCE_COLOR: '1' } });
    // oxlint-disable-next-line no-control-regex -- colours are control characters
    const plain = stdout.replaceAll(/\u001B\[\d+m/g, '').split('\n');
    expect(stdout).toContain('\u001B[1mtimezone');
    expect(plain).toContain('timezone               America/Argentina/ComodRivadavia');
    expect(plain).toContain('                    (user ~/.config/tallyhook/settings.json)');
    expect(plain.filter((line) => [...line].length > 60)).toEqual([]);
  });

  test.each([
    ['TELEMETRY_DB_PATH', '/tmp/x.db', 'telemetry.path', '/tmp/x.db'],
    ['CUSTOM_COSTS_FILE', '/tmp/p.json', 'pricing.file', '/tmp/p.json'],
    ['EXPORT_COSTS_ON_EXIT', 'true', 'export.onSessionEnd', { format: 'json', folder: null }],
    ['EXPORT_COSTS_ON_EXIT', 'off', 'export.onSessionEnd', false],
    ['EXPORT_COSTS_ON_EXIT', '/x/a', 'export.onSessionEnd', { format: 'json', folder: '/x/a' }],
    [
      'EXPORT_COSTS_ON_EXIT',
      '/x/a.CSV',
      'export.onSessionEnd',
      { format: 'csv', file: '/x/a.CSV' },
    ],
    ['TALLYHOOK_DISABLE', '1', 'recording', false],
    ['TRACK_COSTS', 'false', 'recording', false],
  ])('%s=%s', (name, text, key, value) => {
    const home = temporaryHome();
    givenSettings(
      home,
      '{"telemetry": {"path": "/y"}, "pricing": {"file": "/y"}, "export": {"onSessionEnd": true}}',
    );
    const setting = settingOf(home, key, { env: { [name]: text } });
    expect(setting).toEqual({ key, value, origin: 'environment', source: name });
    expect(settingOf(home, key, { env: { [name]: '' } }).origin).not.toBe('environment');
  });

  test('EXPORT_COSTS_ON_EXIT of blanks says nothing, as the hook has it', () => {
    const setting = settingOf(temporaryHome(), 'export.onSessionEnd', {
      env: { EXPORT_COSTS_ON_EXIT: ' ' },
    });
    expect(setting).toMatchObject({ value: false, origin: 'default' });
  });

  test('the ledger that the settings name is the one that is used, by the hook too', () => {
    const home = temporaryHome();
    givenSettings(home, '// mine\n{"telemetry": {"path": "~/a.db",},}\n');
    expect(cli(home, ['import']).stderr).toBe('');
    expect(statSync(join(home.folder, 'a.db')).isFile()).toBe(true);
    const path = append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1' }));
    const env = { TELEMETRY_DB_PATH: join(home.folder, 'b.db') };
    expect(hook(home, toolEvent('s1', path), { env })).toEqual(SILENT);
    expect(statSync(join(home.folder, 'b.db')).isFile()).toBe(true);
  });
});

describe('what is wrong in the settings file is said once, and the rest counts', () => {
  test.each([
    [
      '{"pricing": {"fallback": "gpt"}}',
      'pricing.fallback: "gpt" is not one of opus, sonnet, zero, none; ignored',
    ],
    [
      '{"pricing": {"fallbak": "zero"}}',
      'pricing.fallbak: no such setting (did you mean pricing.fallback?); ignored',
    ],
    [
      '{"pricng": {"fallback": "zero"}}',
      'pricng: no such setting (did you mean pricing?); ignored',
    ],
    [
      '{"pricing.fallback": "zero"}',
      'pricing.fallback: must be written as {"pricing": {"fallback": ...}}; ignored',
    ],
    ['{"pricing": 7}', 'pricing: 7 is not an object; ignored'],
    [
      '{"timezone": "Mars/Olympus"}',
      'timezone: "Mars/Olympus" is not a time zone such as Europe/Berlin; ignored',
    ],
    [
      '{"project": {"ticketPattern": "("}}',
      'project.ticketPattern: "(" is not a regular expression of at most 200 characters, without references, flags or repeats of an empty match; ignored',
    ],
    [
      '{"project": {"name": "x"}}',
      "project.name: only a project's .tallyhook.json can set it; ignored",
    ],
    [
      '{"recording": false}',
      'recording: only the environment can set it (TALLYHOOK_DISABLE, TRACK_COSTS); ignored',
    ],
    ['{"telemetry": {"path": 5}}', 'telemetry.path: 5 is not a path; ignored'],
    [
      '{"export": {"onSessionEnd": {"format": "xml"}}}',
      'export.onSessionEnd: {"format":"xml"} is neither true, false nor {"format": one of json, csv, ndjson, "folder": a path}; ignored',
    ],
    ['{"pricing": ', 'is not a readable JSON object; defaults are used'],
    ['[]', 'is not a readable JSON object; defaults are used'],
  ])('%s', (text, what) => {
    const home = temporaryHome();
    const path = givenSettings(home, text);
    const said = `${path}: ${what}`;
    expect(cli(home, ['daily'])).toMatchObject({ status: 0, stderr: `tallyhook: ${said}\n` });
    expect(cli(home, ['config', 'show']).stderr).toBe(`tallyhook: ${said}\n`);
    expect(shownSettings(home).warnings).toEqual([said]);
  });

  test.each(['', '{}', ' \n', '\uFEFF{}', '// nothing\n{}', '{"$schema": "x", "pricing": null}'])(
    'nothing is wrong with %j',
    (text) => {
      const home = temporaryHome();
      givenSettings(home, text);
      expect(cli(home, ['config', 'show'])).toMatchObject({ status: 0, stderr: '' });
    },
  );
});

describe("a project's file", () => {
  test('may set its name and its ticket pattern, and nothing else', () => {
    const home = temporaryHome();
    const { inside, file, root } = repository(
      home,
      `{"telemetry": {"path": "/evil.db"}, "pricing": {"fallback": "zero", "file": "/etc/passwd"},
        "recording": false, "timezone": "UTC", "statusline": {"template": "x"}, "budget": {"unpriced": "count"}, "blocks": {},
        "export": {"onSessionEnd": {"folder": "/evil"}}, "project": {"name": "shop", "ticketPattern": "T\\\\d+"}}`,
    );
    const { settings, warnings, projectFile } = shownSettings(home, { cwd: inside });
    expect(projectFile).toBe(file);
    const byProject = settings.filter(({ origin }) => origin === 'project');
    expect(byProject).toEqual([
      { key: 'project.name', value: 'shop', origin: 'project', source: file },
      { key: 'project.ticketPattern', value: String.raw`T\d+`, origin: 'project', source: file },
    ]);
    const others = settings.filter(({ key }) => !key.startsWith('project.'));
    expect(others.every(({ origin }) => origin === 'default')).toBe(true);
    const refused = 'telemetry.path pricing.fallback pricing.file recording timezone';
    const more = 'statusline.template budget.unpriced blocks export.onSessionEnd';
    expect(warnings).toEqual(
      `${refused} ${more}`
        .split(' ')
        .map((key) => `${file}: ${key}: a project cannot set it; ignored`),
    );
    // A stranger's file is not worth a word at every command.
    expect(cli(home, ['daily'], { cwd: root }).stderr).toBe('');
    expect(cli(home, ['config', 'show'], { cwd: root }).stdout).toContain(
      '! ~/repo/.tallyhook.json: telemetry.path: a project cannot set it; ignored\n',
    );
  });

  test('names the project in reports, and only the one that we are in', () => {
    const home = temporaryHome();
    const { inside } = repository(home, '{"project": {"name": "shop"}}');
    const nameOf = (args: string[], cwd: string): unknown =>
      (JSON.parse(cli(home, [...args, '--json'], { cwd }).stdout) as { project: { name: string } })
        .project.name;
    expect(nameOf([], inside)).toBe('shop');
    expect(nameOf(['project'], inside)).toBe('shop');
    expect(nameOf(['project', home.folder], inside)).not.toBe('shop');
    expect(nameOf(['project', inside], home.folder)).toBe('repo');
  });

  test('moves no cursor and paints nothing', () => {
    const home = temporaryHome();
    const evil = String.raw`\u001b[2J\u009b1mX`;
    const { root, file } = repository(home, `{"project": {"name": "${evil}"}, "${evil}": 1}`);
    const { stdout, stderr } = cli(home, ['config', 'show'], { cwd: root });
    expect(stderr).toBe('');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    const fault = 'is not a single line of at most 100 characters; ignored';
    expect(shownSettings(home, { cwd: root }).warnings[0]).toMatch(`${file}: project.name: `);
    expect(shownSettings(home, { cwd: root }).warnings[0]).toMatch(fault);
  });

  test('beats the settings of the user, is looked for up to the root of the repository', () => {
    const home = temporaryHome();
    givenSettings(home, '{"project": {"ticketPattern": "mine"}}');
    writeFileSync(join(home.folder, '.tallyhook.json'), '{"project": {"ticketPattern": "above"}}');
    const { root, inside, file } = repository(home, '{"project": {"ticketPattern": "theirs"}}');
    const key = 'project.ticketPattern';
    expect(settingOf(home, key, { cwd: inside })).toMatchObject({ value: 'theirs', source: file });
    expect(settingOf(home, key, { cwd: home.folder })).toMatchObject({ value: 'above' });
    writeFileSync(file, '{}');
    expect(settingOf(home, key, { cwd: root })).toMatchObject({ value: 'mine', origin: 'user' });
    const outside = join(home.folder, 'elsewhere');
    mkdirSync(outside);
    expect(settingOf(home, key, { cwd: outside })).toMatchObject({ value: 'mine' });
  });

  test.each([
    [
      'of another kind',
      (file: string) => spawnSync('sh', ['-c', 'rm "$1"; mkfifo "$1"', 'sh', file]),
      ' is not a regular file',
    ],
    [
      'that is endless',
      (file: string) => spawnSync('ln', ['-sf', '/dev/zero', file]),
      ' is not a regular file',
    ],
    [
      'that is large',
      (file: string) => writeFileSync(file, ' '.repeat(100_000)),
      ' is larger than 64 kB',
    ],
    [
      'that is a folder',
      (file: string) => spawnSync('sh', ['-c', 'rm "$1"; mkdir "$1"', 'sh', file]),
      ' is a folder',
    ],
    [
      'that is no JSON',
      (file: string) => writeFileSync(file, 'name = shop'),
      ': is not a JSON object',
    ],
  ])('%s is not read', (_, make, problem) => {
    const home = temporaryHome();
    const { root, file } = repository(home, '{}');
    make(file);
    const { warnings } = shownSettings(home, { cwd: root });
    expect(warnings).toEqual([`${file}${problem}; ignored`]);
  });
});
