// The public types of filerobot-widget-auth/react. Made by `npm run api`: change src/.

import { ReactElement } from 'react';
import { ReactNode } from 'react';

interface AccessKey {
    readonly claims?: KeyClaims | undefined;
    readonly expiresAtMs: number;
    readonly obtainedAtMs: number;
    readonly value: string;
}

interface ApiAddress {
    apiBase?: string | undefined;
    token?: string | undefined;
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

type AuthProviderProps<Children> = {
    children?: Children | undefined;
} & (({
    auth: Auth;
} & {
    [Name in keyof AuthOptions]?: undefined;
}) | (AuthOptions & {
    auth?: undefined;
}));

interface AuthState {
    readonly error?: AuthError | undefined;
    readonly key?: AccessKey | undefined;
    readonly retryAtMs?: number | undefined;
    readonly status: 'idle' | 'loading' | 'ready' | 'error';
    readonly storage: StorageKind;
}

const BRAND: unique symbol;

interface DownloadOptions {
    signal?: AbortSignal | undefined;
    timeoutMs?: number | undefined;
}

interface EditedImage {
    fullName?: string;
    imageCanvas?: HTMLCanvasElement;
    quality?: number;
}

export const FilerobotAuthProvider: (props: FilerobotAuthProviderProps) => ReactElement;

export type FilerobotAuthProviderProps = AuthProviderProps<ReactNode>;

interface GetKeyOptions {
    forceRefresh?: boolean | undefined;
    maxWaitMs?: number | undefined;
    minValidityMs?: number | undefined;
    signal?: AbortSignal | undefined;
}

interface ImageEditorConnection {
    loadableDesignState: object | undefined;
    onSave: SaveHandler;
    onSaveVersion: SaveHandler;
    release: () => void;
    source: HTMLImageElement;
}

export interface ImageEditorHookOptions extends Omit<ImageEditorOptions, 'signal'> {
}

interface ImageEditorOptions extends ApiAddress, DownloadOptions, SavingOptions {
    design?: object | undefined;
    folder?: string | undefined;
    name?: string | undefined;
    onSaved?: ((saved: SavedImage) => void) | undefined;
    signal?: AbortSignal | undefined;
    source?: string | URL | undefined;
    uploadUrl?: string | URL | undefined;
}

export type ImageEditorState = Loading<Omit<ImageEditorConnection, 'release'>>;

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

export type KeyState = {
    readonly status: 'loading';
    readonly key?: undefined;
    readonly error?: undefined;
    readonly retryAtMs?: number | undefined;
} | {
    readonly status: 'ready';
    readonly key: AccessKey;
    readonly error?: undefined;
    readonly retryAtMs?: undefined;
} | {
    readonly status: 'error';
    readonly key?: undefined;
    readonly error: AuthError;
    readonly retryAtMs?: number | undefined;
} | {
    readonly status: 'idle';
    readonly key?: undefined;
    readonly error?: undefined;
    readonly retryAtMs?: undefined;
};

interface KeyStorage {
    get(id: string): Promise<unknown>;
    update(id: string, change: (old: unknown) => unknown): Promise<void>;
}

type Loading<Shown> = ({
    status: 'loading';
    error?: undefined;
    retry?: undefined;
} & Partial<Shown>) | ({
    status: 'ready';
    error?: undefined;
    retry?: undefined;
} & Shown) | ({
    status: 'error';
    error: Error;
    retry: () => void;
} & {
    [Name in keyof Shown]?: undefined;
});

type NoticeText = 'Saving…' | 'Cancel' | 'Not saved, but not lost.' | 'Try again' | 'Download' | 'Close';

interface SavedImage {
    design: Record<string, unknown>;
    file: Record<string, unknown>;
}

interface SaveFailure {
    download?: (() => void) | undefined;
    error: unknown;
    file?: File | undefined;
    retry: () => Promise<SavedImage | undefined>;
}

type SaveHandler = (image: EditedImage, design?: object, signal?: AbortSignal) => Promise<SavedImage | undefined>;

interface SavingOptions {
    notice?: false | Partial<Record<NoticeText, string>> | undefined;
    onError?: ((failure: SaveFailure) => void) | undefined;
    onProgress?: ((share: number) => void) | undefined;
    signal?: AbortSignal | undefined;
}

interface SpinConnection {
    imageListX: string[];
    imageListY?: string[];
    release: () => void;
}

export interface SpinHookOptions extends Omit<SpinOptions, 'signal' | 'container'> {
}

interface SpinOptions extends ApiAddress, DownloadOptions {
    container?: Element | null | undefined;
    delivery?: 'auto' | 'public' | 'signed' | undefined;
    firstFrameTimeoutMs?: number | undefined;
    folder?: string | undefined;
    namesX?: RegExp | undefined;
    namesY?: RegExp | undefined;
    onProgress?: ((progress: SpinProgress) => void) | undefined;
    urlsX?: readonly string[] | undefined;
    urlsY?: readonly string[] | undefined;
}

interface SpinProgress {
    loaded: number;
    total: number;
}

export type SpinState = Loading<Omit<SpinConnection, 'release'>>;

type StorageKind = 'indexeddb' | 'memory' | 'custom';

interface UploaderCore {
    addPreProcessor(processor: () => Promise<unknown>): void;
    dispatch(action: unknown): unknown;
    emit(event: string, ...details: unknown[]): void;
    getFileUploading?(fileId: string): unknown;
    hideInfo(): void;
    info(message: string, type: string, durationMs: number): void;
    initUserAuthState(key: string): unknown;
    iteratePlugins(visit: (plugin: UploaderPlugin) => void): void;
    off(event: string, listener: (...details: never[]) => void): unknown;
    on(event: string, listener: (...details: never[]) => void): unknown;
    opts: {
        sassKey?: string | undefined;
        securityTemplateId?: string | undefined;
        sassKeyRenewerEnabled?: boolean | undefined;
        apiEndpoint?: string | undefined;
    };
    removePreProcessor(processor: () => Promise<unknown>): void;
    sassKeyRenewer?: {
        subscribe?(): () => void;
    };
    _sassKeyRenewerUnsubscribe?: (() => void) | undefined;
    setCoreCommonState?(patch: {
        loading: boolean;
    }): void;
    setFileUploadingState?(fileId: string, uploadId: string, state: object): void;
    setOptions(options: {
        sassKey: string;
    }): void;
}

interface UploaderOptions {
    describe?: ((error: AuthError) => string) | undefined;
    minValidityMs?: number | undefined;
    onError?: ((error: AuthError) => void) | undefined;
    onReady?: (() => void) | undefined;
}

interface UploaderPlugin {
    getOptions?(file: UploadingFile): UploadOptions;
    opts?: UploadOptions;
    type?: string;
    upload?(job: UploadJob): Promise<unknown>;
}

export type UploaderState = {
    status: 'loading';
    error?: undefined;
} | {
    status: 'ready';
    error?: undefined;
} | {
    status: 'error';
    error: AuthError;
};

interface UploadingFile {
    id: string;
    progress?: {
        status?: string;
    };
}

interface UploadJob {
    file: UploadingFile;
    uploadId: string;
}

interface UploadOptions {
    endpoint?: string;
    getResponseError?: (text: string, xhr: XMLHttpRequest) => Error;
    headers?: Record<string, string>;
    limit?: number;
    validateStatus?: (status: number, text: string, xhr: XMLHttpRequest) => boolean;
}

export const useFilerobotAuth: () => Auth;

export const useFilerobotImageEditor: (auth: Auth, options: ImageEditorHookOptions) => ImageEditorState;

export const useFilerobotKey: (auth?: Auth) => KeyState;

export const useFilerobotSpin: (auth: Auth, options: SpinHookOptions) => SpinState;

export const useFilerobotUploader: (auth: Auth, filerobot: UploaderCore | null | undefined, options?: UploaderOptions) => UploaderState;
