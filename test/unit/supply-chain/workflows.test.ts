// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'

interface Step {
  uses?: string
  run?: string
  with?: Record<string, unknown>
  env?: Record<string, string>
}
interface Job {
  needs?: string
  permissions?: Record<string, string>
  environment?: string
  container?: string
  strategy?: { matrix: Record<string, unknown[]> }
  steps: Step[]
}
interface Workflow {
  on: Record<string, unknown>
  permissions?: Record<string, string>
  jobs: Record<string, Job>
}

const folder = fileURLToPath(new URL('../../../.github/workflows/', import.meta.url))
const texts = new Map(readdirSync(folder).map(name => [name, readFileSync(folder + name, 'utf8')]))

function parsed(text: string): Workflow {
  const document = parseDocument(text)
  if (document.errors.length > 0) throw document.errors[0]!
  return document.toJS()
}

/** In what a workflow gives away more than it has to, in words. */
function faults(text: string): string[] {
  const { on, permissions, jobs } = parsed(text)
  const found = ['pull_request_target', 'workflow_run'].filter(event => event in on).map(event => `runs on ${event}`)
  if (!permissions) found.push('has the permissions that the repository gives by default')
  for (const [name, job] of Object.entries(jobs)) {
    const granted = Object.entries({ ...permissions, ...job.permissions }).filter(([, access]) => access !== 'read')
    if (granted.some(([scope]) => scope !== 'id-token')) found.push(`${name} may write ${granted[0]![0]}`)
    const runsProject = job.steps.some(
      ({ uses, run }) => uses?.startsWith('actions/checkout@') || run?.includes('npm ci'),
    )
    if (granted.length > 0 && runsProject) found.push(`${name} has an identity, and runs the project`)
    for (const { uses, run, with: inputs } of job.steps) {
      if (uses && !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses)) found.push(`${uses} is not pinned`)
      if (uses?.startsWith('actions/checkout@') && inputs?.['persist-credentials'] !== false)
        found.push(`${name} keeps git's credentials`)
      // A tag or a branch may have a name that is a command.
      if (run?.includes('${{')) found.push(`${name} has an expression in a command`)
    }
  }
  for (const [line] of text.matchAll(/^.*\buses:.*$/gm))
    if (!/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)) found.push(`${line.trim()}: no version is told`)
  return found
}

describe('the workflows', () => {
  it.each([...texts])('pin what they use, and may do no more than they need: %s', (_, text) => {
    expect(faults(text)).toEqual([])
  })

  it('use one commit of each action', () => {
    const used = new Set(
      [...texts.values()].flatMap(text => [...text.matchAll(/uses: (.*)/g)].map(([, uses]) => uses!)),
    )
    const names = [...used].map(uses => uses.split('@')[0]!)
    expect(names.sort()).toEqual(
      ['checkout', 'download-artifact', 'setup-node', 'upload-artifact'].map(n => `actions/${n}`),
    )
  })
})

describe('a workflow that gives away more', () => {
  const publish = texts.get('publish.yml')!

  it.each([
    ['by a tag', (text: string) => text.replace(/checkout@\w+/, 'checkout@v5'), 'actions/checkout@v5 is not pinned'],
    ['by a short hash', (text: string) => text.replace(/checkout@(\w{7})\w+/, 'checkout@$1'), 'is not pinned'],
    ['without its version', (text: string) => text.replace(' # v4.3.0', ''), 'no version is told'],
    [
      'to a fork',
      (text: string) => text.replace("push:\n    tags: ['v*']", 'pull_request_target:'),
      'pull_request_target',
    ],
    ['by default', (text: string) => text.replace('permissions: {}\n', ''), 'by default'],
    ['to write', (text: string) => text.replace('contents: read', 'contents: write'), 'check may write contents'],
    ['an identity', (text: string) => text.replace('contents: read', 'id-token: write'), 'check has an identity'],
    [
      'credentials',
      (text: string) => text.replace('persist-credentials: false', 'fetch-depth: 1'),
      "git's credentials",
    ],
    ['a shell', (text: string) => text.replace('"$TAG"', '"${{ github.ref_name }}"'), 'an expression in a command'],
  ])('is found out: %s', (_, change, fault) => {
    const changed = change(publish)
    expect(changed).not.toBe(publish)
    expect(faults(changed).join('\n')).toContain(fault)
  })
})

describe('CI', () => {
  const { on, jobs } = parsed(texts.get('ci.yml')!)

  it('makes the whole check on each Node that is supported, for each change', () => {
    expect(Object.keys(on)).toEqual(['push', 'pull_request'])
    const { strategy, container, steps } = jobs.check!
    expect(strategy?.matrix.node).toEqual([20, 22, 24])
    expect(container).toBe('node:${{ matrix.node }}-bookworm')
    expect(steps.map(({ run }) => run)).toContain('.ci/run')
  })
})

describe('publishing', () => {
  const { on, jobs } = parsed(texts.get('publish.yml')!)
  const commands = (job: Job) => job.steps.flatMap(({ run }) => run ?? [])
  const { check, publish } = jobs as { check: Job; publish: Job }

  it('happens for a tag of a version alone', () => {
    expect(on).toEqual({ push: { tags: ['v*'] } })
  })

  it('comes after the whole check, and after the tag was compared with the version', () => {
    expect(commands(check)[0]).toBe('.ci/run')
    const compared = check.steps.find(({ run }) => run?.includes('release:check'))!
    expect(compared.run).toBe('npm run --silent release:check -- "$TAG" "$REPOSITORY_URL"')
    expect(compared.env).toEqual({
      TAG: '${{ github.ref_name }}',
      REPOSITORY_URL: '${{ github.server_url }}/${{ github.repository }}',
    })
    expect(publish.needs).toBe('check')
  })

  it('is of the very tarball that was checked, with provenance', () => {
    expect(commands(publish)).toEqual([
      'echo "$SHA256  package.tgz" | sha256sum --check --strict',
      'npm publish ./package.tgz --provenance --access public',
    ])
    expect(publish.permissions).toEqual({ 'id-token': 'write' })
    expect(publish.environment).toBe('npm')
  })

  it('is what package.json asks for, by whichever command', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
    expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true })
  })
})
