// The public types of filerobot-widget-auth/emulator. Made by `npm run api`: change src/.

export type ApiAnswer = 'normal'
/** `errorStatus` with the service's own error body. */
| 'server_error'
/** 502 with a web page, as a gateway answers. */
| 'html' | 'forbidden'
/** 302 to `redirectTo`. */
| 'redirect' | NoAnswer;

export interface Counters {
    deliveries: number;
    keyRequests: number;
    keyRequestsRefused: number;
    keysIssued: number;
    preflights: number;
    uploads: number;
}

export type CountryOf = (address: string) => string | undefined;

export function createEmulator(options?: EmulatorOptions): Emulator;

export interface Emulator {
    readonly app: EmulatorApp;
    clearFaults(): void;
    readonly counters: Readonly<Counters>;
    expireKeys(): void;
    readonly faults: Readonly<Faults>;
    files(folder?: string): FileSummary[];
    readonly heldAnswers: number;
    readonly log: LogEntry[];
    readonly openRequests: number;
    putTemplate(template: TemplateInput): void;
    release(): number;
    reset(): void;
    revokeKeys(): void;
    setClock(change: {
        offsetMs?: number;
        advanceMs?: number;
    }): void;
    setFaults(faults: Partial<Faults>): void;
    useUpMinute(of: {
        token: string;
        templateId: string;
        address?: string;
    }): void;
}

export interface EmulatorApp {
    fetch(request: Request, from?: {
        address?: string;
    }): Response | Promise<Response>;
    request(input: RequestInfo | URL, init?: RequestInit, from?: {
        address?: string;
    }): Response | Promise<Response>;
}

export interface EmulatorOptions extends SeedOptions {
    countryOf?: CountryOf | undefined;
    faults?: Partial<Faults> | undefined;
    nowMs?: (() => number) | undefined;
    wait?: Wait | undefined;
}

export interface Faults {
    apiAnswer: ApiAnswer;
    callerAddress: string;
    callerCountry: string;
    claimedAgeSeconds: number;
    claimsInKey: boolean;
    corsMaxAgeSeconds: number;
    corsOff: boolean;
    deliveryAcceptsKey: boolean;
    deliveryAnswer: ApiAnswer;
    errorStatus: 500 | 502 | 503 | 504 | 408;
    expiredStatus: 403 | 401 | 400 | 200;
    expireDurationInResponse: boolean;
    exposeDate: boolean;
    exposeRetryAfter: boolean;
    holdAnswers: 'none' | HeldKind | 'all';
    invalidStatus: 403 | 401 | 400 | 200;
    keyAnswer: KeyAnswer;
    keyInfoAnswer: ApiAnswer;
    keyJudgedAt: 'headers' | 'end';
    keyLatencyMs: number;
    latencyMs: number;
    limitStatus: 429 | 403 | 400 | 200;
    limitWindow: WindowKind;
    limitWords: 'all' | 'code' | 'msg' | 'hint' | 'none' | 'html';
    nameClash: NameClash;
    permissionsInResponse: boolean;
    rateLimitOff: boolean;
    redirectTo: string;
    refusalWordIn: 'both' | 'code' | 'msg';
    rejectedStatus: 404 | 400 | 401 | 403 | 200;
    retryAfter: 'none' | 'seconds' | 'date';
    retryAfterSeconds: number;
    sameKeyAgain: boolean;
    suffixInKey: boolean;
    toldDurationSeconds: number;
    uploadAnswer: ApiAnswer;
    uploadBytesPerSecond: number;
    uploadsCountedPer: 'key' | 'template';
    validitySeconds: number;
}

export interface FileSummary {
    readonly path: string;
    readonly sha256: string;
    readonly sizeBytes: number;
    readonly token: string;
    readonly type: string;
    readonly uuid: string;
    readonly version: number;
    readonly visibility: 'public' | 'private';
}

export type HeldKind = 'key' | 'api' | 'delivery' | 'key_info' | 'upload';

export type KeyAnswer = 'normal'
/** Refused as by the five-a-minute limit, whatever was asked before. */
| 'too_many'
/** `errorStatus` with the service's own error body. */
| 'server_error'
/** 200 with a web page, as a captive portal answers. */
| 'html'
/** 200 without a body. */
| 'empty'
/** 200 with a good key and a hint of 1 MB. */
| 'huge'
/** `status: "success"` without `key`. */
| 'no_key'
/** A key that does not begin with `SASS_`. */
| 'wrong_prefix'
/** The template's last key once more, however dead it is. */
| 'old_key'
/** Refused as if the template did not exist. */
| 'template_rejected' | NoAnswer;

export interface LogEntry {
    readonly atMs: number;
    readonly bytesIn: number;
    readonly bytesOut: number;
    readonly durationMs: number;
    readonly id: number;
    readonly keyIn: 'none' | 'header' | 'url' | 'both';
    readonly keyLabel: string;
    readonly kind: RequestKind;
    readonly method: string;
    readonly origin: string;
    readonly path: string;
    readonly status: number;
}

export type NameClash = 'version' | 'overwrite' | 'refuse' | 'rename';

export type NoAnswer =
/** No answer until the client gives up. */
'hang'
/** The connection ends without an answer. */
| 'drop'
/** The connection ends in the middle of the body. */
| 'cut_off'
/** Half of the body, and then nothing until the client gives up. */
| 'stalled'
/** 200 with a body that goes on for as long as it is read. */
| 'endless';

export type Permission = 'OBJECTS_LIST' | 'OBJECTS_FETCH' | 'FILE_UPLOAD' | 'FILE_META_CREATE' | 'FILE_META_CHANGE' | 'FILE_RENAME' | 'FILE_MOVE' | 'FILE_DELETE' | 'FILE_SET_VISIBILITY' | 'DIR_CREATE' | 'DIR_RENAME' | 'DIR_META_CHANGE' | 'DIR_MOVE' | 'DIR_DELETE' | 'DIR_SET_VISIBILITY' | 'CONFIG_CHANGE' | 'CONFIG_LIST';

export type RequestKind = 'key' | 'key_info' | 'list' | 'upload' | 'delivery' | 'api' | 'preflight' | 'other';

export interface RunningEmulator {
    close(): Promise<void>;
    readonly emulator: Emulator;
    readonly origin: string;
    readonly port: number;
}

export const SEED: {
    readonly token: 'fdemo42x';
    readonly secretKey: '0123456789abcdef0123456789abcdef';
    readonly templateId: 'SECU_5EEDA11000000000000000000000DE30';
    readonly narrowTemplateId: 'SECU_5EED0420000000000000000000001B0C';
};

export interface SeedFile {
    readonly bytes: Uint8Array;
    readonly path: string;
    readonly type?: string | undefined;
    readonly visibility?: 'public' | 'private' | undefined;
}

export interface SeedOptions {
    files?: readonly SeedFile[] | undefined;
    pictures?: boolean | undefined;
    templates?: readonly Omit<TemplateInput, 'token'>[] | undefined;
    token?: string | undefined;
}

export interface ServerOptions extends EmulatorOptions {
    drawAtStart?: boolean | undefined;
    hostname?: string | undefined;
    port?: number | undefined;
}

export function startEmulator(options?: ServerOptions): Promise<RunningEmulator>;

export interface Template {
    readonly countries: readonly string[];
    readonly id: string;
    readonly keyRequestsPerMinute: number;
    readonly listing: {
        readonly calls?: number;
        readonly folders: readonly string[];
    };
    readonly permissions: readonly Permission[];
    readonly sourceIpRanges: readonly string[];
    readonly token: string;
    readonly upload: {
        readonly perMinute?: number;
        readonly perSourceIp?: number;
        readonly total?: number;
        readonly fileSizeBytes: number;
        readonly folders: readonly string[];
    };
    readonly validitySeconds: number;
}

export type TemplateInput = Pick<Template, 'id' | 'token'> & Partial<Omit<Template, 'upload' | 'listing'>> & {
    readonly upload?: Partial<Template['upload']>;
    readonly listing?: Partial<Template['listing']>;
};

export type Wait = (durationMs: number) => Promise<void>;

export type WindowKind = 'sliding' | 'fixed';
