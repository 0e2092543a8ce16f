// Prints, by tool, the criteria that its rules can call failed, read from the installed packages: node criteria.cjs
const fs = require("fs");
const path = require("path");

const modules = path.join(__dirname, "node_modules");
const read = (...parts) => fs.readFileSync(path.join(modules, ...parts), "utf-8");

/** axe's rules by id, without those whose findings are only ever questions, and those that a tag does not select. */
function axeRules() {
  const found = {};
  for (const rule of require("axe-core")._audit.rules) {
    if (rule.reviewOnFail || rule.tags.includes("experimental") || rule.tags.includes("deprecated")) continue;
    found[rule.id] = rule.tags.filter((tag) => /^wcag\d{3,4}$/.test(tag)).map((tag) => `${tag[4]}.${tag[5]}.${tag.slice(6)}`);
  }
  return found;
}

/** HTML_CodeSniffer keeps a file per criterion; one that never raises an error only warns. */
function codeSniffer() {
  const root = path.join(modules, "@pa11y/html_codesniffer/Standards/WCAG2AAA/Sniffs");
  return fs.readdirSync(root, { recursive: true })
    .filter((file) => file.endsWith(".js") && fs.readFileSync(path.join(root, file), "utf-8").includes("HTMLCS.ERROR"))
    .map((file) => path.basename(file).match(/^\d_\d_\d+/)?.[0].replaceAll("_", "."));
}

/** IBM lists every reason with its level and criteria. */
function ibm() {
  return read("accessibility-checker-engine", "help", "rules.csv").split("\n")
    .map((row) => [...row.matchAll(/"([^"]*)"/g)].map((cell) => cell[1]))
    .filter((row) => row[4] === "Violation")
    .flatMap((row) => row[6].split(/[,;]\s*/));
}

/** QualWeb's metadata does not tell which rules can fail: all that it names, at most. */
function qualweb() {
  const named = (part, file) => Object.values(JSON.parse(read("@qualweb", part, "dist/lib", file)))
    .flatMap((rule) => rule.metadata["success-criteria"] ?? [])
    .map((criterion) => criterion.name);
  return [...named("act-rules", "rules.json"), ...named("wcag-techniques", "techniques.json")];
}

async function main() {
  const rules = axeRules();
  const { default: config } = await import("lighthouse/core/config/default-config.js");
  const audits = config.categories.accessibility.auditRefs.filter((audit) => audit.weight > 0);
  console.log(JSON.stringify({
    "axe-cli": Object.values(rules).flat(),
    "pa11y-ci": codeSniffer(),
    qualweb: qualweb(),
    ibm: ibm(),
    lighthouse: audits.flatMap((audit) => rules[audit.id] ?? []),
  }));
}

main();
