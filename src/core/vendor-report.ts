/** The vendors whose reports about billed usage can be read. */
export const VENDORS = ['anthropic', 'openai'] as const;
export type Vendor = (typeof VENDORS)[number];

export const VENDOR_REPORT_KINDS = ['cost', 'usage'] as const;
export type VendorReportKind = (typeof VENDOR_REPORT_KINDS)[number];
