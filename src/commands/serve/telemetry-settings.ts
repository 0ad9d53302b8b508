import { jsonText } from '../../core/lang/printable.ts';
import { telemetrySettings } from '../../agents/claude-code/telemetry.ts';
import { asObject, parseJson } from '../../core/lang/json.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { userSettingsPath } from '../../sources/settings/client-settings.ts';
import type { Environment } from '../../sources/machine/paths.ts';
import { openTextFile } from '../../sources/files/text.ts';

/** Where the client's logs go already: they are not to be sent elsewhere. */
const GOING = ['OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'];

/**
 * The settings of the client that have it send its events to a server, as JSON.
 * @throws UserError where the client's logs go somewhere already
 */
export function telemetryBlock(env: Environment, address: string, token: string): string {
  const endpoint = `${address}/v1/logs`;
  const wanted = {
    ...telemetrySettings(endpoint),
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: `Authorization=Bearer%20${token}`,
  };
  const path = userSettingsPath(env);
  const settings = asObject(asObject(parseJson(openTextFile(path).text ?? ''))?.['env']) ?? {};
  const isOn = (settings['OTEL_LOGS_EXPORTER'] ?? env['OTEL_LOGS_EXPORTER'] ?? '') !== '';
  for (const [values, place] of [
    [settings, path],
    [env, 'the environment'],
  ] as const) {
    for (const name of isOn ? GOING : GOING.slice(0, 1)) {
      const value = values[name];
      if (typeof value !== 'string' || value === '' || value === endpoint) continue;
      throw new UserError(
        `the client's logs go to ${value} already (${name} in ${place}), and stay yours`,
        `Have that collector send logs to ${endpoint} as well, as http/json with the header Authorization: Bearer ${token}`,
      );
    }
  }
  return jsonText({ env: wanted }, 2);
}
