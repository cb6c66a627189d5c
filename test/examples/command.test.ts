import { expect, inject, it, onTestFinished } from 'vitest'
import { run, start } from './programs.ts'

const projectCopy = inject('projectCopy')

it('"npm run example -- node" packs, installs and starts it with the local API, and Ctrl-C ends both', async () => {
  const command = start(['npm', 'run', 'example', '--', 'node'], projectCopy, { PORT: '0' })
  onTestFinished(() => command.kill())
  const [, api] = await command.says(/The API: (\S+)/)
  const [address] = await command.says(/http:\/\/localhost:\d+/)
  expect(await (await fetch(address)).text()).toContain('fjord.png')
  expect(command.output).not.toContain('SASS_')

  await command.interrupt()
  await expect(fetch(address)).rejects.toThrow('fetch failed')
  await expect(fetch(api!)).rejects.toThrow('fetch failed')
})

it('"npm run example" alone says which there are', async () => {
  await expect(run(['npm', 'run', '--silent', 'example'], projectCopy)).rejects.toThrow(
    'npm run example -- key-endpoint-edge | key-endpoint-node | next | node | svelte | vanilla | vue',
  )
})
