// The public types of filerobot-widget-auth/service-worker. Made by `npm run api`: change src/.

interface AccessKey {
    readonly claims?: KeyClaims | undefined;
    readonly expiresAtMs: number;
    readonly obtainedAtMs: number;
    readonly value: string;
}

interface Auth {
    clear(): Promise<void>;
    dispose(): void;
    fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
    getKey(options?: GetKeyOptions): Promise<AccessKey>;
    invalidate(key: AccessKey | string): Promise<void>;
    peek(): AccessKey | undefined;
    sign(input: RequestInfo | URL, init?: RequestInit): Promise<Request>;
    readonly state: AuthState;
    subscribe(listener: (state: AuthState) => void): () => void;
}

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

interface AuthState {
    readonly error?: AuthError | undefined;
    readonly key?: AccessKey | undefined;
    readonly retryAtMs?: number | undefined;
    readonly status: 'idle' | 'loading' | 'ready' | 'error';
    readonly storage: StorageKind;
}

const BRAND: unique symbol;

export function createFetchHandler(options: AuthOptions): FetchHandler;

export interface FetchEventLike {
    readonly request: Request;
    respondWith(response: Promise<Response>): void;
}

export interface FetchHandler {
    readonly auth: Auth;
    handleFetch(event: FetchEventLike): boolean;
}

interface GetKeyOptions {
    forceRefresh?: boolean | undefined;
    maxWaitMs?: number | undefined;
    minValidityMs?: number | undefined;
    signal?: AbortSignal | undefined;
}

interface KeyClaims {
    ageSeconds?: number;
    allowedCountries: string[];
    allowedIps: string[];
    domains: string[];
    listFolders: string[];
    maxUploads?: number;
    maxUploadsPerIp?: number;
    maxUploadsPerMinute?: number;
    other: Record<string, string | string[]>;
    permissions?: bigint;
    startSeconds?: number;
    templateId?: string;
    uploadFolders: string[];
}

interface KeyGrant {
    expiresInSeconds?: number | undefined;
    key: string;
}

interface KeyStorage {
    get(id: string): Promise<unknown>;
    update(id: string, change: (old: unknown) => unknown): Promise<void>;
}

export function registerServiceWorker(scriptUrl: string | URL | TrustedScriptUrl, options: RegistrationOptions_2): Promise<ServiceWorkerConnection>;

interface RegistrationOptions_2 extends ServiceWorkerOptions {
    onReplaced?: ((scriptUrl: string) => void) | undefined;
    scope?: string | URL | undefined;
}
export { RegistrationOptions_2 as RegistrationOptions }

export interface ServiceWorkerConnection {
    readonly registration: ServiceWorkerRegistration;
    unregister(): Promise<void>;
}

export interface ServiceWorkerOptions extends Omit<AuthOptions, 'requestKey' | 'fetch' | 'storage' | 'onEvent'> {
    storage?: 'indexeddb' | undefined;
}

export function serviceWorkerUrl(scriptUrl: string | URL, options: ServiceWorkerOptions): string;

type StorageKind = 'indexeddb' | 'memory' | 'custom';

export interface TrustedScriptUrl {
    toJSON(): string;
    toString(): string;
}
