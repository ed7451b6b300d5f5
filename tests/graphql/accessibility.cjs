// Opens pages in Chromium, does what a person would, and asks axe-core what is wrong: JSON in, JSON out.
//
// In: {"chromium": path, "pages": [{"url", "language", "width", "steps": [[what, selector, value]...],
//   "without": [rule], "dark", "picture"}]}
// Out: for each page {"violations": [{id, impact, help, nodes: [selector]}], "wider": pixels beyond the window,
// "small": controls smaller than 24 by 24 px, "faults": what the page's scripts threw}.
"use strict";
const puppeteer = require("puppeteer-core");
const { source } = require("axe-core");

const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const STEPS = {
  fill: async (page, selector, value) => {
    await page.locator(selector).fill(value);
  },
  choose: async (page, selector, value) => {
    await page.waitForSelector(`${selector} option[value="${value}"]`);
    await page.select(selector, value);
  },
  click: (page, selector) => page.locator(selector).click(),
  wait: (page, selector) => page.waitForSelector(selector, { visible: true }),
};

async function check(browser, asked) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (fault) => faults.push(String(fault)));
  page.setDefaultTimeout(30000);
  await page.setBypassCSP(true); // for axe alone: pages load nothing from elsewhere
  await page.setExtraHTTPHeaders({ "Accept-Language": asked.language });
  await page.setViewport({ width: asked.width, height: 900 });
  const scheme = asked.dark ? "dark" : "light";
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(asked.url);
  for (const [what, selector, value] of asked.steps) await STEPS[what](page, selector, value);
  await page.evaluate(source);
  const options = { runOnly: LEVELS, rules: Object.fromEntries(asked.without.map((rule) => [rule, { enabled: false }])) };
  const found = await page.evaluate((given) => axe.run(document, given), options);
  const [wider, small] = await page.evaluate(() => {
    const shown = [...document.querySelectorAll("button, a[href], input, select, textarea")].filter((one) => {
      const box = one.getBoundingClientRect();
      const inText = one.tagName === "A" && getComputedStyle(one).display === "inline";
      return box.width && box.height && !inText && one.type !== "radio" && one.type !== "checkbox"
        && Math.min(box.width, box.height) < 24;
    });
    const root = document.scrollingElement;
    return [root.scrollWidth - root.clientWidth, shown.map((one) => one.outerHTML.slice(0, 120))];
  });
  if (asked.picture) await page.screenshot({ path: asked.picture, fullPage: true });
  await context.close();
  const violations = found.violations.map(({ id, impact, help, nodes }) => (
    { id, impact, help, nodes: nodes.map((node) => node.target.join(" ")) }
  ));
  return { violations, wider, small, faults };
}

async function main() {
  let text = "";
  for await (const part of process.stdin) text += part;
  const { chromium, pages } = JSON.parse(text);
  const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const answers = [];
    for (const asked of pages) answers.push(await check(browser, asked));
    process.stdout.write(JSON.stringify(answers));
  } finally {
    await browser.close();
  }
}

main();
