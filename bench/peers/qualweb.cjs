// Runs QualWeb over pages with one browser: node qualweb.cjs BROWSER AT_ONCE OUT.json URL…
const fs = require("fs");
const { QualWeb } = require("@qualweb/core");
const { ACTRules } = require("@qualweb/act-rules");
const { WCAGTechniques } = require("@qualweb/wcag-techniques");

async function main([browser, atOnce, out, ...urls]) {
  const qualweb = new QualWeb();
  await qualweb.start({ maxConcurrency: Number(atOnce), timeout: 120000 }, { executablePath: browser, args: ["--no-sandbox"] });
  const levelA = { levels: ["A"] };
  const reports = await qualweb.evaluate({ urls, modules: [new ACTRules(levelA), new WCAGTechniques(levelA)] });
  await qualweb.stop();
  fs.writeFileSync(out, JSON.stringify(Object.fromEntries(Object.entries(reports).map(([url, report]) => [url, report.modules]))));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
