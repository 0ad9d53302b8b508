export const CLIENT_TITLES: Readonly<Record<string, string>> = {};
