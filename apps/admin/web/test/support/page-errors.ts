import type { Page } from 'playwright-core';

/** Collects what a page complains of: exceptions, violations of the security policy, requests that failed. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (
      protocol !== 'blob:' &&
      protocol !== 'data:' &&
      origin !== new URL(page.url()).origin &&
      page.url() !== 'about:blank'
    ) {
      errors.push(`foreign request: ${request.url()}`);
    }
  });
  return errors;
}
