import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type Page, chromium } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { Served } from '../helpers/program/server.ts';

const CHROMIUM = process.env['TALLYHOOK_CHROMIUM'] ?? '/usr/bin/chromium';

export const hasChromium = existsSync(CHROMIUM);
if (!hasChromium) {
  const text = `there is no ${CHROMIUM}: apt install chromium, or TALLYHOOK_CHROMIUM names another`;
  if (process.env['TALLYHOOK_REQUIRE_CHROMIUM'] === '1') throw new Error(text);
  console.warn(`skipped: ${text}`);
}

export interface Opened {
  page: Page;
  context: BrowserContext;
  /** What the page complained of: errors, refused scripts and styles. */
  faults: string[];
}

export interface OpenOptions {
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
}

/** A browser of the test's own, with a profile of its own; ended with the test. */
export async function browser(options: OpenOptions = {}): Promise<Opened> {
  const { theme = 'light', width = 1280, height = 900 } = options;
  const profile = mkdtempSync(join(tmpdir(), 'tallyhook-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    viewport: { width, height },
    colorScheme: theme,
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  onTestFinished(async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return { page, context, faults };
}

/** The address that `serve` prints. */
export function addressOf(served: Served): string {
  return `${served.url}/?token=${served.token}`;
}

/** Opened as a user does: by the printed address, which sets the cookie and is left at once. */
export async function open(served: Served, options: OpenOptions = {}): Promise<Opened> {
  const opened = await browser(options);
  await opened.page.goto(addressOf(served));
  return opened;
}
