// Histories with planted anomalies, for bench/anomalies.mjs. Each is a list of requests in order of time:
// { atMs, session, model, input, output, read, write }; `planted` lists the anomalies.
const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(2026, 0, 5);
export const DAYS = 180;
/** Days of history before the first planted anomaly. */
const QUIET_DAYS = 45;

/** Random numbers that are reproducible for a seed (mulberry32), and samples of common distributions. */
export function random(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    /** A log-normal sample: `sigma` is the standard deviation of the logarithm. */
    lognormal: (median, sigma) => median * Math.exp(sigma * normal()),
    pick: (list) => list[Math.floor(next() * list.length)],
  };
}

/** Kinds of users, described by sessions per day, their length, and what changes over time. */
export const PEOPLE = {
  'every workday': { share: [1, 1, 1, 1, 1, 0, 0], sessions: 6, requests: 25, sigma: 0.8 },
  'weekends too, less': { share: [1, 1, 1, 1, 1, 0.3, 0.3], sessions: 8, requests: 20, sigma: 1 },
  'now and then': {
    share: [0.4, 0.4, 0.4, 0.4, 0.4, 0.1, 0.1],
    sessions: 3,
    requests: 40,
    sigma: 1.2,
  },
  'a little': {
    share: [0.9, 0.9, 0.9, 0.9, 0.9, 0.2, 0.2],
    sessions: 1.5,
    requests: 12,
    sigma: 0.9,
  },
  'ever more': {
    share: [1, 1, 1, 1, 1, 0.2, 0.2],
    sessions: 5,
    requests: 20,
    sigma: 0.9,
    growth: 1.012,
  },
  'a more expensive model from day 90 on': {
    share: [1, 1, 1, 1, 1, 0, 0],
    sessions: 6,
    requests: 25,
    sigma: 0.8,
    models: (day) => (day < 90 ? 'claude-haiku-4-5' : 'claude-opus-4-5'),
  },
};

/** A generated history of one kind of user. */
export function generated(person, seed) {
  const rng = random(seed);
  const makeSession = (start, name, scale, model) => {
    const count = Math.max(1, Math.round(rng.lognormal(person.requests, person.sigma) * scale));
    return turnOver({ rng, start, name, model, count });
  };
  return history(person, rng, seed, makeSession);
}

/** A history of real sessions, moved to its days. @param sessions lists of requests */
export function resampled(person, seed, sessions) {
  const rng = random(seed);
  const moved = (start, name, scale) => {
    // A runaway session repeats its requests again and again.
    const chosen = rng.pick(sessions);
    const first = chosen[0].atMs;
    const lengthMs = chosen.at(-1).atMs - first + 60_000;
    return Array.from({ length: Math.max(1, Math.round(scale)) }, (_, again) =>
      chosen.map((request) => ({
        ...request,
        atMs: Math.round(start) + ((request.atMs - first + again * lengthMs) % (8 * 3_600_000)),
        session: name,
      })),
    ).flat();
  };
  return history(person, rng, seed, moved);
}

/**
 * The context grows over a session: the first request writes it to the cache, the others read it.
 */
function turnOver({ rng, start, name, model, count }) {
  let context = rng.lognormal(22_000, 0.3);
  let atMs = start;
  return Array.from({ length: count }, (_, at) => {
    const added = at === 0 ? context : rng.lognormal(1500, 1.1);
    const request = {
      atMs: Math.round(atMs),
      session: name,
      model,
      input: Math.round(rng.lognormal(8, 1)),
      output: Math.round(rng.lognormal(350, 1)),
      read: at === 0 ? 0 : Math.round(context),
      write: Math.round(added),
    };
    context = at === 0 ? context : Math.min(190_000, context + added);
    atMs += rng.lognormal(25_000, 0.8);
    return request;
  });
}

/** Days with sessions, some with an anomaly of a planted multiple of the usual. */
function history(person, rng, seed, makeSession) {
  const requests = [];
  const planted = [];
  const plan = plantingPlan(rng, seed);
  let number = 0;
  for (let day = 0; day < DAYS; day++) {
    const plants = plan.filter((one) => one.day === day);
    const isAtWork = rng.next() < person.share[day % 7] || plants.length > 0;
    if (!isAtWork) continue;
    const dayStart = FIRST_MS + day * DAY_MS;
    const growth = (person.growth ?? 1) ** day;
    const model = person.models?.(day) ?? 'claude-opus-4-5';
    const dayPlant = plants.find(({ subject }) => subject === 'day');
    const usual = rng.lognormal(person.sessions, 0.35) * growth;
    const count = Math.max(1, Math.round(usual * (dayPlant?.times ?? 1)));
    if (dayPlant) planted.push({ ...dayPlant, key: toDate(dayStart) });
    for (let at = 0; at < count; at++) {
      const name = `s${++number}`;
      const start = dayStart + (8 + 10 * rng.next()) * 3_600_000;
      const sessionPlant =
        at === 0 ? plants.find(({ subject }) => subject === 'session') : undefined;
      const session = makeSession(start, name, sessionPlant?.times ?? 1, model);
      if (sessionPlant) planted.push({ ...sessionPlant, key: name, date: toDate(dayStart) });
      const requestPlant =
        at === 0 ? plants.find(({ subject }) => subject === 'request') : undefined;
      if (requestPlant) {
        const target = session.at(-1);
        const tokens = target.output + target.write / 4 + target.read / 50 + target.input / 5;
        target.output = Math.round(tokens * requestPlant.times);
        const date = toDate(dayStart);
        planted.push({
          ...requestPlant,
          key: `${name}-${session.length - 1}`,
          session: name,
          date,
        });
      }
      requests.push(...session.map((one, index) => ({ ...one, id: `${name}-${index}` })));
    }
  }
  requests.sort((a, b) => a.atMs - b.atMs);
  return { requests, planted };
}

/** One anomaly of each kind, on different days; the seed selects the size. */
function plantingPlan(rng, seed) {
  const kinds = Object.entries(SIZES).map(([subject, sizes]) => ({
    subject,
    times: sizes[seed % sizes.length],
  }));
  const workdays = Array.from({ length: DAYS - QUIET_DAYS }, (_, at) => at + QUIET_DAYS)
    .filter((day) => day % 7 < 5)
    .map((day) => ({ day, order: rng.next() }))
    .sort((a, b) => a.order - b.order);
  return kinds.map((kind, at) => ({ ...kind, day: workdays[at].day }));
}

/** The size of an anomaly: how many times the usual. */
export const SIZES = { day: [4, 8, 16], session: [10, 30, 100], request: [10, 30, 100] };

export function toDate(atMs) {
  return new Date(atMs).toISOString().slice(0, 10);
}
