import { canonicalModel } from './model-name.ts';

/**
 * Whether a text means a model: by any of its names, by its name without `claude-` (`opus-4.5`), or by its
 * family (`opus`). A family has no version, so it never takes the place of a version that was asked for.
 */
export function isModelMeant(text: string, model: string): boolean {
  const name = canonicalModel(text);
  if (name === model || canonicalModel(`claude-${name}`) === model) return true;
  return (
    /^[a-z]+(?:-[a-z]+)*$/.test(name) && `-${familyWords(model).join('-')}-`.includes(`-${name}-`)
  );
}

/** The words of a model's name without its versions: `claude`, `sonnet` of `claude-3-5-sonnet`. */
export function familyWords(model: string): string[] {
  return model
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.replace(/\d.*$/, ''))
    .filter((word) => word !== '');
}
