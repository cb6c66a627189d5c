// The public types of filerobot-widget-auth. Made by `npm run api`: change src/.

export interface AccessKey {
    readonly claims?: KeyClaims | undefined;
    readonly expiresAtMs: number;
    readonly obtainedAtMs: number;
    readonly value: string;
}

export interface Auth {
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

export class AuthError extends Error {
    get [BRAND](): true;
    constructor(code: AuthErrorCode, message?: string, input?: {
        retryAtMs?: number | undefined;
        status?: number | undefined;
    });
    readonly code: AuthErrorCode;
    readonly retryAtMs?: number;
    readonly status?: number;
}

export type AuthErrorCode = 'invalid_options' | 'template_rejected' | 'rate_limited' | 'network' | 'timeout' | 'server' | 'malformed_response' | 'origin_not_allowed' | 'key_rejected' | 'disposed';

export type AuthEvent = {
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

export interface AuthOptions {
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

export interface AuthState {
    readonly error?: AuthError | undefined;
    readonly key?: AccessKey | undefined;
    readonly retryAtMs?: number | undefined;
    readonly status: 'idle' | 'loading' | 'ready' | 'error';
    readonly storage: StorageKind;
}

const BRAND: unique symbol;

export function createAuth(options: AuthOptions): Auth;

export function decodeAccessKey(key: string): KeyClaims | undefined;

export interface GetKeyOptions {
    forceRefresh?: boolean | undefined;
    maxWaitMs?: number | undefined;
    minValidityMs?: number | undefined;
    signal?: AbortSignal | undefined;
}

export function isAuthError(value: unknown): value is AuthError;

export interface KeyClaims {
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

export interface KeyGrant {
    expiresInSeconds?: number | undefined;
    key: string;
}

export interface KeyStorage {
    get(id: string): Promise<unknown>;
    update(id: string, change: (old: unknown) => unknown): Promise<void>;
}

export type StorageKind = 'indexeddb' | 'memory' | 'custom';
