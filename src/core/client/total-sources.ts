/** Where the client's total of a session comes from. */
export const TOTAL_SOURCES = ['cost-state', 'statusline', 'telemetry'] as const;
export type TotalSource = (typeof TOTAL_SOURCES)[number];

/** The evidence that a request was lost: a transcript that has it, the ledger's own mark, or the client. */
export const LOSS_WITNESSES = ['transcript', 'ledger', 'telemetry'] as const;
export type LossSource = (typeof LOSS_WITNESSES)[number];
