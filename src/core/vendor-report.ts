/** Whose reports of what was billed can be read. */
export const VENDORS = ['anthropic', 'openai'] as const;
export type Vendor = (typeof VENDORS)[number];

export const VENDOR_REPORT_KINDS = ['cost', 'usage'] as const;
export type VendorReportKind = (typeof VENDOR_REPORT_KINDS)[number];
