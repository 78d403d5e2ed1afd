import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from './browser.js';
import { builtPage } from './dist.js';
import { FakeAdmin } from './fake-admin.js';
import { watchErrors } from './page-errors.js';
import { settled, signIn } from './page-walk.js';

/** A bound for what never comes, far above what a loaded machine needs. */
const PATIENCE_MS = 180_000;

/** A browser before the fake dashboard server. */
export class FakeSite {
  readonly fake = new FakeAdmin(builtPage());
  url = '';
  #browser: Browser | null = null;
  readonly #contexts: BrowserContext[] = [];

  async start(): Promise<void> {
    this.url = await this.fake.start();
    this.#browser = await launchBrowser();
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.fake.stop();
  }

  /** Closes what a test opened, and begins a new world. */
  async reset(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
    this.fake.reset();
  }

  /** A page that nobody has typed anything into. */
  async blank(path = '/', options: BrowserContextOptions = {}): Promise<{ page: Page; errors: string[] }> {
    if (this.#browser === null) throw new Error('The browser is not started');
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    this.#contexts.push(context);
    const page = await context.newPage();
    const errors = watchErrors(page);
    await page.goto(`${this.url}${path}`);
    return { page, errors };
  }

  /** A page of an operator, at an address, with everything loaded. */
  async open(path = '/', options: BrowserContextOptions = {}): Promise<{ page: Page; errors: string[] }> {
    const { page, errors } = await this.blank(path, options);
    await signIn(page, { url: this.url, token: this.fake.token }, path);
    await settled(page);
    return { page, errors };
  }
}
