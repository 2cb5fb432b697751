// Uses the service from pages of two origins, of which the service lists the first:
//   node origin.mjs <url of the service> <authorization> <listed origin> <other origin> <chromium>
// Prints what the script of each page saw as JSON.
import { argv } from 'node:process';
import { chromium } from 'playwright-core';

const [url, authorization, listed, other, executablePath] = argv.slice(2);
// Without the checks of local networks: the pages come from no server, and the browser takes that for the Internet.
const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--disable-features=LocalNetworkAccessChecks',
  ],
});

// Runs within the page.
async function use([service, token]) {
  const sets = `${service}trustFramework/keySets`;
  const headers = { Authorization: token, 'Content-Type': 'application/json', 'X-CSRF-Token': 'Fetch' };
  const seen = async (target, options) => {
    try {
      const response = await fetch(target, options);
      const names = ['etag', 'location', 'odata-version', 'request-id', 'www-authenticate'];
      return {
        status: response.status,
        headers: names.filter((name) => response.headers.has(name)).join(' '),
        body: await response.text(),
      };
    } catch (error) {
      return { status: 0, headers: '', body: error.message };
    }
  };
  return {
    create: await seen(sets, { method: 'POST', headers, body: JSON.stringify({ id: 'browser' }) }),
    change: await seen(`${sets}/browser`, { method: 'PATCH', headers: { ...headers, 'If-Match': '*' }, body: '{}' }),
    missing: await seen(`${sets}/nobody`, { headers }),
    anonymous: await seen(sets),
    batch: await seen(`${service}$batch`, {
      method: 'POST', headers, body: JSON.stringify({ requests: [{ id: '1', method: 'GET', url: sets }] }),
    }),
    jwks: await seen(`${sets}/browser/jwks`, { headers: { 'If-None-Match': '"x"' } }),
    noJwks: await seen(`${sets}/nobody/jwks`),
  };
}

try {
  const findings = {};
  for (const [name, origin] of Object.entries({ listed, other })) {
    const page = await browser.newPage();
    await page.route(`${origin}/**`, (route) => route.fulfill({ contentType: 'text/html', body: '<p>A page</p>' }));
    await page.goto(`${origin}/`);
    findings[name] = await page.evaluate(use, [url, authorization]);
  }
  console.log(JSON.stringify(findings));
} finally {
  await browser.close();
}
