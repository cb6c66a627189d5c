import { machineName, versionOf } from '../circumstances.ts'
import type { Result } from './result.ts'

/** The page of the documentation on which the last long run stands. */
export function page({ rows, faultTimes, browserVersion }: Result): string {
  const versions = [
    `Chromium ${browserVersion}`,
    `Node ${process.versions.node}`,
    ...['@filerobot/core', '@filerobot/xhr-upload', 'playwright-core'].map(name => `${name} ${versionOf(name)}`),
  ]
  return `# The soak

\`npm run soak\` writes this page. It runs days in the life of a browser profile in compressed time: real tabs in Chromium with the library and the published uploader, and the local API over real HTTP, which fails in every way it can. What is watched, and how time is compressed, is told in [the test's own page](../test/soak/README.md).

The last long run: ${new Date().toISOString().slice(0, 10)}, on ${machineName()}; ${versions.join(', ')}.

| what | count |
| --- | --- |
${rows.map(([what, count]) => `| ${what} | ${count} |`).join('\n')}

How often each fault of the local API was switched on:

| fault | times |
| --- | --- |
${Object.entries(faultTimes)
  .map(([name, times]) => `| \`${name}\` | ${times} |`)
  .join('\n')}
`
}
