// Reads one page a line from the standard input (JSON: {"html": …}) and answers, a line each, what is not valid in it.
// html-validate's "standard" rules: what the HTML standard says, without its advice on style.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const { HtmlValidate } = createRequire(`${process.argv[2]}/`)("html-validate");
const validator = new HtmlValidate({ root: true, extends: ["html-validate:standard"] });

for await (const line of createInterface({ input: process.stdin })) {
  const report = await validator.validateString(JSON.parse(line).html);
  const found = report.results.flatMap((result) => result.messages)
    .map((message) => `line ${message.line}: ${message.message} (${message.ruleId})`);
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
