// For `node --require`: a process whose clock is off by so many milliseconds, as one is whose machine's
// was set. Time goes on; only its reading is another one.
const shiftMs = Number(process.env.TALLYHOOK_TEST_CLOCK_SHIFT_MS);
const RealDate = Date;
global.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + shiftMs);
    else super(...args);
  }
  static now() {
    return RealDate.now() + shiftMs;
  }
};
