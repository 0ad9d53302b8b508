import { jsonText } from '../../core/lang/printable.ts';
import { telemetrySettings } from '../../agents/claude-code/telemetry.ts';
import { asObject, parseJson } from '../../core/lang/json.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { userSettingsPaths } from '../../sources/settings/client-settings.ts';
import type { Environment } from '../../sources/machine/paths.ts';
import { openTextFile } from '../../sources/files/text.ts';

/** Variables that name where Claude Code sends its logs already; they are not to be redirected. */
const LOG_ENDPOINTS = ['OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'];

/**
 * The settings that make Claude Code send its events to a server, as JSON.
 * @throws UserError if Claude Code already sends its logs somewhere else
 */
export function telemetryBlock(env: Environment, address: string, token: string): string {
  const endpoint = `${address}/v1/logs`;
  const wanted = {
    ...telemetrySettings(endpoint),
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: `Authorization=Bearer%20${token}`,
  };
  const files = userSettingsPaths(env).map((path) => {
    const settings = asObject(parseJson(openTextFile(path).text ?? ''));
    return [asObject(settings?.['env']) ?? {}, path] as const;
  });
  const isOn = [...files, [env] as const].some(
    ([values]) => (values['OTEL_LOGS_EXPORTER'] ?? '') !== '',
  );
  for (const [values, place] of [...files, [env, 'the environment'] as const]) {
    for (const name of isOn ? LOG_ENDPOINTS : LOG_ENDPOINTS.slice(0, 1)) {
      const value = values[name];
      if (typeof value !== 'string' || value === '' || value === endpoint) continue;
      throw new UserError(
        `Claude Code already sends its logs to ${value} (${name} in ${place})`,
        `Make that collector also send logs to ${endpoint}, as http/json with the header Authorization: Bearer ${token}`,
      );
    }
  }
  return jsonText({ env: wanted }, 2);
}
