import type { Usage } from '../../core/usage/usage.ts';
import type { Ledger } from '../connection/open.ts';
import { type RecordFilter, buildConditions } from '../records/filter.ts';

/** Sums over requests with the same rates. */
export interface CacheGroup extends Usage {
  modelRaw: string;
  serviceTier: string | null;
  speed: string | null;
  inferenceGeo: string | null;
  requests: number;
  /** The requests in this group without a cost, or with a cost reported by the provider. */
  uncountable: number;
  costNanoUsd: number;
  /** Time of one of the requests; prices change over time. */
  occurredAtMs: number;
}

/** Prompts beyond these lengths may have different prices. */
const LENGTHS = [128_000, 200_000, 272_000];
const PROMPT =
  'r.input_tokens + r.cache_read_tokens + r.cache_write_5m_tokens + r.cache_write_1h_tokens';

/** Sums the requests of a filter that used a cache, by everything that their rates depend on. */
export function cacheGroups(db: Ledger, filter: RecordFilter): CacheGroup[] {
  const { conditions, values } = buildConditions(filter);
  const used = 'r.cache_read_tokens + r.cache_write_5m_tokens + r.cache_write_1h_tokens > 0';
  const length = LENGTHS.map((tokens) => `(${PROMPT} > ${tokens})`).join(' + ');
  return db
    .prepare(
      `SELECT r.model_raw AS modelRaw, r.service_tier AS serviceTier, r.speed,
         r.inference_geo AS inferenceGeo, count(*) AS requests,
         sum(r.cost_nano_usd IS NULL OR r.metadata LIKE '%chargedNanoUsd%') AS uncountable,
         sum(r.input_tokens) AS inputTokens, sum(r.output_tokens) AS outputTokens,
         sum(r.cache_read_tokens) AS cacheReadTokens,
         sum(r.cache_write_5m_tokens) AS cacheWrite5mTokens,
         sum(r.cache_write_1h_tokens) AS cacheWrite1hTokens,
         sum(r.web_search_requests) AS webSearchRequests,
         total(r.cost_nano_usd) AS costNanoUsd, max(r.occurred_at_ms) AS occurredAtMs
       FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id
       WHERE ${[used, ...conditions].join(' AND ')}
       GROUP BY r.model_raw, r.service_tier, r.speed, r.inference_geo, r.price_id, ${length}`,
    )
    .all(...values) as CacheGroup[];
}
