// The public types of filerobot-widget-auth/widgets. Made by `npm run api`: change src/.

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

interface AuthState {
    readonly error?: AuthError | undefined;
    readonly key?: AccessKey | undefined;
    readonly retryAtMs?: number | undefined;
    readonly status: 'idle' | 'loading' | 'ready' | 'error';
    readonly storage: StorageKind;
}

const BRAND: unique symbol;

export function connectImageEditor(auth: Auth, options: ImageEditorOptions): Promise<ImageEditorConnection>;

export function connectSpin(auth: Auth, options: SpinOptions): Promise<SpinConnection>;

export function connectUploader(auth: Auth, filerobot: UploaderCore, options?: UploaderOptions): () => void;

interface DownloadOptions {
    signal?: AbortSignal | undefined;
    timeoutMs?: number | undefined;
}

export interface EditedImage {
    fullName?: string;
    imageCanvas?: HTMLCanvasElement;
    quality?: number;
}

interface GetKeyOptions {
    forceRefresh?: boolean | undefined;
    maxWaitMs?: number | undefined;
    minValidityMs?: number | undefined;
    signal?: AbortSignal | undefined;
}

export interface ImageEditorConnection {
    loadableDesignState: object | undefined;
    onSave: SaveHandler;
    onSaveVersion: SaveHandler;
    release: () => void;
    source: HTMLImageElement;
}

export interface ImageEditorOptions extends ApiAddress, DownloadOptions, SavingOptions {
    design?: object | undefined;
    folder?: string | undefined;
    name?: string | undefined;
    onSaved?: ((saved: SavedImage) => void) | undefined;
    signal?: AbortSignal | undefined;
    source?: string | URL | undefined;
    uploadUrl?: string | URL | undefined;
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

export type NoticeText = 'Saving…' | 'Cancel' | 'Not saved, but not lost.' | 'Try again' | 'Download' | 'Close';

export interface SavedImage {
    design: Record<string, unknown>;
    file: Record<string, unknown>;
}

export interface SaveFailure {
    download?: (() => void) | undefined;
    error: unknown;
    file?: File | undefined;
    retry: () => Promise<SavedImage | undefined>;
}

export type SaveHandler = (image: EditedImage, design?: object, signal?: AbortSignal) => Promise<SavedImage | undefined>;

interface SavingOptions {
    notice?: false | Partial<Record<NoticeText, string>> | undefined;
    onError?: ((failure: SaveFailure) => void) | undefined;
    onProgress?: ((share: number) => void) | undefined;
    signal?: AbortSignal | undefined;
}

export interface SpinConnection {
    imageListX: string[];
    imageListY?: string[];
    release: () => void;
}

export interface SpinOptions extends ApiAddress, DownloadOptions {
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

export interface SpinProgress {
    loaded: number;
    total: number;
}

type StorageKind = 'indexeddb' | 'memory' | 'custom';

export interface UploaderCore {
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

export function uploaderHeaders(auth: Auth): Record<string, string>;

export interface UploaderOptions {
    describe?: ((error: AuthError) => string) | undefined;
    minValidityMs?: number | undefined;
    onError?: ((error: AuthError) => void) | undefined;
    onReady?: (() => void) | undefined;
}

export interface UploaderPlugin {
    getOptions?(file: UploadingFile): UploadOptions;
    opts?: UploadOptions;
    type?: string;
    upload?(job: UploadJob): Promise<unknown>;
}

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
