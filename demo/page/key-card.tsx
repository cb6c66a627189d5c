import { useComputed } from '@preact/signals'
import type { AccessKey, KeyClaims } from '../../src/index.ts'
import { allowances } from './allowances.ts'
import { emulator } from './emulator-link.ts'
import { KeyDial } from './key-dial.tsx'
import { followFingerprint } from './key-fingerprint.ts'
import { keyLife, maskedKey } from './key-life.ts'
import { authState, keySource } from './session.ts'
import { StatusPill, shownStatus } from './status-pill.tsx'
import { clockTime, durationWords } from './time-words.ts'

const keyFingerprint = followFingerprint(authState)

const NO_KEY_WORDS = {
  idle: 'Nobody has asked for a key. Nothing runs until somebody does.',
  loading: 'One request is on its way, however many are waiting for it.',
  waiting: 'One request goes out when the time is over, however many are waiting for it.',
  ready: '',
  error: 'The last attempt failed. The stage shows what a visitor sees.',
}

export function KeyCard() {
  const { key, error } = authState.value
  const status = shownStatus(authState.value)
  return (
    <section class="key-card card" aria-labelledby="key-title">
      <header class="card-head">
        <h3 id="key-title">The key</h3>
        <StatusPill status={status} />
      </header>
      <KeyDial />
      {key ? (
        <KeyFacts held={key} />
      ) : (
        <p class="no-key">
          {error && <code>{error.code}</code>} {NO_KEY_WORDS[status]}
        </p>
      )}
      {key?.claims && <Claims claims={key.claims} />}
    </section>
  )
}

function KeyFacts({ held }: { held: AccessKey }) {
  const source = useComputed(() => {
    const { storage } = authState.value
    const { from, durationMs } = keySource.value ?? { from: 'memory' }
    if (from === 'memory') return 'Memory, no request'
    if (from === 'storage') return `${storage === 'indexeddb' ? 'IndexedDB' : 'Storage'}, no request`
    return durationMs === undefined ? 'Network' : `Network, in ${durationWords(durationMs)}`
  })
  const renewsFromMs = keyLife(held, held.obtainedAtMs).renewsFromMs
  return (
    <dl class="key-facts">
      <div>
        <dt>Came from</dt>
        <dd data-testid="key-source">{source}</dd>
      </div>
      <div>
        <dt>Value</dt>
        <dd class="mono">
          {maskedKey(held)} <span class="fingerprint">{keyFingerprint}</span>
        </dd>
      </div>
      <div class="key-times">
        <div>
          <dt>Obtained</dt>
          <dd>{clockTime(held.obtainedAtMs)}</dd>
        </div>
        <div data-mark="renewal">
          <dt>Renews from</dt>
          <dd>{clockTime(renewsFromMs)}</dd>
        </div>
        <div>
          <dt>Expires</dt>
          <dd>{clockTime(held.expiresAtMs)}</dd>
        </div>
      </div>
    </dl>
  )
}

function Claims({ claims }: { claims: KeyClaims }) {
  const permissions = emulator.value?.permissions.get(claims.templateId?.toUpperCase() ?? '')
  return (
    <div class="claims">
      <h4>What it allows</h4>
      <dl>
        {allowances(claims, permissions).map(({ about, words }) => (
          <div key={about}>
            <dt>{about}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <details>
        <summary>Claims as they were read</summary>
        <pre>
          <code>
            {JSON.stringify(claims, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value), 2)}
          </code>
        </pre>
      </details>
    </div>
  )
}
