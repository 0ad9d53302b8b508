/**
 * Whether everything is tried, as CI and `npm run test:explore` do by `TALLYHOOK_TEST_RUNS`. `npm test` leaves
 * out what takes the same way through the code once more.
 */
export const isThorough = process.env['TALLYHOOK_TEST_RUNS'] !== undefined;
