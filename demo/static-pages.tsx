import { readFile } from 'node:fs/promises'
import { render } from 'preact-render-to-string'
import type { PagePath } from './page/pages.ts'
import { SiteHeader } from './page/site-header.tsx'
import type { PolicyRule } from './strict-csp/policy.ts'

/** What the pages without a build are filled with. */
export interface PageValues {
  token: string
  template: string
  apiBase: string
}

/** A page as it stands in the file, with the project, the template and the API of this demo, and its navigation. */
export async function staticPage(
  file: string,
  current: PagePath,
  { token, template, apiBase }: PageValues,
  rules: readonly PolicyRule[] = [],
): Promise<string> {
  const placeholders: Record<string, string> = {
    TOKEN: token,
    TEMPLATE: template,
    API_BASE: apiBase,
    HEADER: render(<SiteHeader current={current} />),
    RULES: render(<Rules rules={rules} />),
  }
  return (await readFile(file, 'utf8')).replace(/%([A-Z_]+)%/g, (all, name: string) => placeholders[name] ?? all)
}

function Rules({ rules }: { rules: readonly PolicyRule[] }) {
  return (
    <>
      {rules.map(({ directive, why }) => (
        <div key={directive}>
          <dt>
            <code>{directive}</code>
          </dt>
          <dd>{why}</dd>
        </div>
      ))}
    </>
  )
}
