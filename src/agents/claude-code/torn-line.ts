import { type JsonObject, asObject, parseJson } from '../../core/lang/json.ts';

/** Where a line may begin inside another one. */
const LINE_START = /\{"(?:parentUuid|type|isSidechain|sessionId)"/g;
/** Each try reads the rest of the line. */
const MAX_TRIES = 8;

/**
 * The complete objects of a line that is not one itself. Two writers, or one that was killed between a line
 * and its newline, leave several objects on one line; a crash leaves half an object before the next one.
 * Objects count at the start of the line, one directly after another, and at its end. Those in between are
 * part of the half object: nothing nested reaches the end of the line.
 */
export function completeObjects(line: string): JsonObject[] {
  const objects: JsonObject[] = [];
  const rest = readObjects(line, 0, objects);
  if (rest === line.length) return objects;
  LINE_START.lastIndex = rest;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const match = LINE_START.exec(line);
    if (match === null) return objects;
    const last: JsonObject[] = [];
    if (readObjects(line, match.index, last) === line.length) return [...objects, ...last];
  }
  return objects;
}

/** Reads objects that follow one another. @returns where the first that is not complete begins */
function readObjects(line: string, from: number, into: JsonObject[]): number {
  let at = skipSpace(line, from);
  while (at < line.length) {
    const end = findObjectEnd(line, at);
    const value = end === null ? null : asObject(parseJson(line.slice(at, end)));
    if (end === null || value === null) return at;
    into.push(value);
    at = skipSpace(line, end);
  }
  return at;
}

function skipSpace(line: string, from: number): number {
  let at = from;
  while (at < line.length && line.charCodeAt(at) <= 32) at++;
  return at;
}

/** The index after the brace that closes the object at `start`; null if there is none. */
function findObjectEnd(line: string, start: number): number | null {
  if (line.charAt(start) !== '{') return null;
  let depth = 0;
  let isText = false;
  for (let at = start; at < line.length; at++) {
    const char = line.charAt(at);
    if (isText) {
      if (char === '\\') at++;
      else if (char === '"') isText = false;
    } else if (char === '"') isText = true;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at + 1;
  }
  return null;
}
