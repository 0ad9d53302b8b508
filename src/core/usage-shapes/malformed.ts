import { asArray, asObject, type JsonObject } from '../lang/json.ts';
import { isMalformedCount } from '../usage/token-count.ts';

/** The names of counts in every shape, except those of Anthropic's own usage, which has its own parser. */
const COUNT_NAME =
  /tokens?$|tokens?_?count$|eval_count$|^(?:input|output|reasoning|total|cached|thoughts|read|write)$|^web_search_requests$/i;

/** What every response of its shape has used, so that null means: it was not passed on. */
const REQUIRED = /^(?:prompt|completion|input|output)(?:_t|T)okens$|^promptTokenCount$|eval_count$/;

/** The details of a count are at most this deep. */
const MAX_DEPTH = 3;

/**
 * Whether a usage object of any shape contains a count that can't be read.
 * @param isResponse it is the response itself, whose other objects contain no counts
 */
export function hasMalformedCount(usage: JsonObject, isResponse: boolean): boolean {
  return lacksCount(usage) || containsMalformed(usage, isResponse ? MAX_DEPTH : 0);
}

/** Whether a usage object names a count that every response has, and gives null for it. */
export function lacksCount(usage: JsonObject): boolean {
  return Object.keys(usage).some((name) => usage[name] === null && REQUIRED.test(name));
}

function containsMalformed(object: JsonObject, depth: number): boolean {
  return Object.entries(object).some(([name, value]) => {
    if (COUNT_NAME.test(name)) return isMalformedCount(value);
    if (depth >= MAX_DEPTH) return false;
    const parts = [asObject(value), ...asArray(value).map(asObject)];
    return parts.some((part) => part !== null && containsMalformed(part, depth + 1));
  });
}
