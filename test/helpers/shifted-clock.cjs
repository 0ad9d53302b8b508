// For `node --require`: shifts the clock of a process by a number of milliseconds, as if the machine's clock had
// been set. Time still passes normally.
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
