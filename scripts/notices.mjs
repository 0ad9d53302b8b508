import { readFileSync, readdirSync } from 'node:fs';

/**
 * The licences of every package that is part of a bundle, which must be distributed with it.
 * @param root the checkout, with a slash at its end
 * @param metafiles esbuild's metafiles of the bundles
 */
export function collectNotices(root, metafiles) {
  const names = metafiles.flatMap(({ inputs }) =>
    Object.keys(inputs).flatMap((path) => {
      const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
      return name === undefined ? [] : [name];
    }),
  );
  const parts = [...new Set(names)]
    .sort()
    .map((name) => readNotice(`${root}node_modules/${name}`, name));
  return `tallyhook's programs contain parts of these packages.\n\n${parts.join('\n\n')}\n`;
}

function readNotice(folder, name) {
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(?:\.|$)/i.test(entry));
  const text =
    file === undefined
      ? '(the package has no licence file)'
      : readFileSync(`${folder}/${file}`, 'utf8');
  return `## ${name} ${version} (${license})\n\n${text.trim()}`;
}
