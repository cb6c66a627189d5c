// The public types of filerobot-widget-auth/server. Made by `npm run api`: change src/.

class AuthError extends Error {
    get [BRAND](): true;
    constructor(code: AuthErrorCode, message?: string, input?: {
        retryAtMs?: number | undefined;
        status?: number | undefined;
    });
    readonly code: AuthErrorCode;
    readonly retryAtMs?: number;
    readonly status?: number;
}

type AuthErrorCode = 'invalid_options' | 'template_rejected' | 'rate_limited' | 'network' | 'timeout' | 'server' | 'malformed_response' | 'origin_not_allowed' | 'key_rejected' | 'disposed';

type AuthEvent = {
    readonly atMs: number;
} & ({
    readonly type: 'cache_hit';
    readonly expiresAtMs: number;
} | {
    readonly type: 'key';
    readonly expiresAtMs: number;
} | {
    readonly type: 'failure';
    readonly error: AuthError;
    readonly retryAtMs?: number | undefined;
} | {
    readonly type: 'resend';
    readonly status: number;
} | {
    readonly type: 'invalidated';
} | {
    readonly type: 'cleared';
} | {
    readonly type: 'wait';
    readonly untilMs: number;
} | {
    readonly type: 'degraded';
} | {
    readonly type: 'widget_degraded';
    readonly widget: 'uploader' | 'image-editor' | 'spin';
    readonly missing: string;
} | {
    readonly type: 'option_ignored';
    readonly option: string;
});

interface AuthOptions {
    allowedOrigins?: string[] | undefined;
    apiBase?: string | undefined;
    cacheScope?: string | undefined;
    defaultLifetimeSeconds?: number | undefined;
    fetch?: typeof globalThis.fetch | undefined;
    keyUrl?: string | URL | undefined;
    maxKeyRequestsPerMinute?: number | undefined;
    maxWaitMs?: number | undefined;
    onEvent?: ((event: AuthEvent) => void) | undefined;
    requestKey?: ((context: {
        signal: AbortSignal;
    }) => Promise<string | KeyGrant>) | undefined;
    storage?: 'indexeddb' | 'memory' | KeyStorage | undefined;
    templateId?: string | undefined;
    timeoutMs?: number | undefined;
    token: string;
}

export type Authorize = (request: Request) => boolean | Response | Promise<boolean | Response>;

const BRAND: unique symbol;

export function createKeyHandler(options: KeyHandlerOptions): KeyHandler;

interface KeyGrant {
    expiresInSeconds?: number | undefined;
    key: string;
}

export type KeyHandler = (request: Request, context?: KeyHandlerContext) => Promise<Response>;

export interface KeyHandlerContext {
    waitUntil?(work: Promise<unknown>): void;
}

export interface KeyHandlerOptions extends Pick<AuthOptions, 'token' | 'apiBase' | 'defaultLifetimeSeconds' | 'maxKeyRequestsPerMinute' | 'fetch' | 'onEvent'> {
    allowedOrigins?: string[] | undefined;
    authorize: Authorize | 'everyone';
    storage?: KeyStorage | undefined;
    templateId: string;
    timeoutMs?: number | undefined;
}

interface KeyStorage {
    get(id: string): Promise<unknown>;
    update(id: string, change: (old: unknown) => unknown): Promise<void>;
}
