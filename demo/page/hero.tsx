import { useComputed } from '@preact/signals'
import { CopyButton } from './copy-button.tsx'
import { connection } from './session.ts'

const FACTS = [
  {
    title: 'One key request',
    words: 'For three widgets, every tab and each reload, until the key expires. Then one more.',
  },
  {
    title: 'An expired key is replaced',
    words: 'A request or a file that is refused for its key goes once more, with a fresh one.',
  },
  {
    title: 'No secret in the browser',
    words: 'The key travels in a header, to the API alone. A secret key is refused before it is used.',
  },
]

const NPM_SNIPPET = `import { createAuth } from 'filerobot-widget-auth'

const auth = createAuth({ token: 'fusqadtm', templateId: 'SECU_…' })
await auth.fetch('https://api.filerobot.com/fusqadtm/v4/files')`

const MIDDLE_OF_TEMPLATE = /(SECU_.{4})[0-9A-F]{24}/i

export function Hero() {
  const scriptTag = useComputed(() => {
    const { token, templateId } = connection.value ?? {}
    return `<script src="filerobot-widget-auth.global.js" async
  data-token="${token || 'fusqadtm'}" data-template="${templateId || 'SECU_…'}"></script>`
  })
  return (
    <section class="hero" aria-labelledby="claim">
      <div class="hero-claim">
        <h1 id="claim">
          <span>Fetch the key once.</span> <span>Sign every request.</span>
        </h1>
        <p>
          One line of set-up gets a temporary Filerobot key from your Security Template, keeps it until it expires, and
          puts it on every request of the Uploader, the Image Editor and the 360° spin.
        </p>
      </div>
      <div class="snippets">
        <Snippet title="Script tag" language="HTML" code={scriptTag.value} />
        <Snippet title="npm install filerobot-widget-auth" language="TypeScript" code={NPM_SNIPPET} />
      </div>
      <ul class="facts">
        {FACTS.map(({ title, words }) => (
          <li key={title}>
            <h2>{title}</h2>
            <p>{words}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Snippet({ title, language, code }: { title: string; language: string; code: string }) {
  return (
    <figure class="snippet">
      <figcaption>
        <span>{title}</span>
        <CopyButton text={code} what={`the ${language} snippet`} />
      </figcaption>
      <pre>
        {/* Copied in full; shown without the part of the identifier that nobody reads. */}
        <code>{code.replace(MIDDLE_OF_TEMPLATE, '$1…')}</code>
      </pre>
    </figure>
  )
}
