// Creates a key set on the page of the service, as a person would at first sight:
//   node page.mjs <url of the service> <file of the screenshot> <chromium>
// Prints its findings as JSON.
import { argv } from 'node:process';
import { chromium } from 'playwright-core';

const [url, screenshot, executablePath] = argv.slice(2);
// No sandbox: it needs rights that a container seldom gives. The browser opens nothing but the service.
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const elsewhere = [];
  const complaints = [];
  page.on('request', (request) =>
    new URL(request.url()).origin === new URL(url).origin || elsewhere.push(request.url()));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  await page.getByRole('button', { name: /Test Request/ }).first().click();
  const answered = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: /^Send/ }).first().click();
  const response = await answered;
  await page.getByText('201 Created').first().waitFor();
  // Wait until the answer has slid in.
  await page.waitForTimeout(500);
  await page.screenshot({ path: screenshot });
  console.log(JSON.stringify({
    at: page.url(),
    status: response.status(),
    location: response.headers().location,
    elsewhere,
    complaints,
  }));
} finally {
  await browser.close();
}
