import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type * as z from 'zod';
import type { figures } from './routes/inner.ts';

const SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const TOKENS = {
  input: 'inputTokens',
  output: 'outputTokens',
  cache_read: 'cacheReadTokens',
  cache_write_5m: 'cacheWrite5mTokens',
  cache_write_1h: 'cacheWrite1hTokens',
} as const;

/** Prometheus metrics of this process, of the requests to it, and of the ledger's current content. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #durations: Histogram<'method' | 'route' | 'status'>;
  readonly #cost: Gauge<'model'>;
  readonly #requests: Gauge<'model'>;
  readonly #tokens: Gauge<'model' | 'kind'>;
  readonly #spent: Gauge<'budget'>;
  readonly #limit: Gauge<'budget'>;

  constructor(listeners: () => number) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry, prefix: 'tallyhook_' });
    this.#durations = new Histogram({
      name: 'tallyhook_http_request_duration_seconds',
      help: 'Time to answer a request, by route',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers,
    });
    this.#registry.registerMetric(
      new Gauge({
        name: 'tallyhook_stream_listeners',
        help: 'Clients connected to the event stream',
        registers: [],
        collect() {
          this.set(listeners());
        },
      }),
    );
    // Gauges, not counters: a corrected price or a change of owner can lower the values.
    const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
      new Gauge({ name: `tallyhook_${name}`, help, labelNames, registers });
    this.#cost = gauge('cost_usd', 'Cost of all records', ['model']);
    this.#requests = gauge('requests', 'Billed requests', ['model']);
    this.#tokens = gauge('tokens', 'Tokens of all records', ['model', 'kind']);
    this.#spent = gauge('budget_spent_usd', 'Amount spent of a budget in its current window', [
      'budget',
    ]);
    this.#limit = gauge('budget_limit_usd', 'Limit of a budget, including allowances', ['budget']);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  observe(method: string, route: string, status: number, durationMs: number): void {
    this.#durations.observe({ method, route, status: String(status) }, durationMs / 1000);
  }

  /** @param ledger null if it can't be read; then only the metrics of the server are returned */
  async text(ledger: z.output<typeof figures> | null): Promise<string> {
    for (const gauge of [this.#cost, this.#requests, this.#tokens, this.#spent, this.#limit])
      gauge.reset();
    for (const { model, totals } of ledger?.models ?? []) {
      const label = { model: model ?? '' };
      this.#cost.set(label, totals.costUsd);
      this.#requests.set(label, Number(totals.requests));
      for (const [kind, field] of Object.entries(TOKENS)) {
        this.#tokens.set({ ...label, kind }, Number(totals[field]));
      }
    }
    for (const { name, spentUsd, limitUsd } of ledger?.budgets ?? []) {
      if (spentUsd !== null) this.#spent.set({ budget: name }, spentUsd);
      this.#limit.set({ budget: name }, limitUsd);
    }
    return this.#registry.metrics();
  }
}
