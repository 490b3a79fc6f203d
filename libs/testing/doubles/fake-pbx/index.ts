export { FakePbx } from './fake-pbx.js';
export type { FakePbxOptions } from './fake-pbx.js';
export type { PbxCallName, PbxModes } from './pbx-control.js';
export type { ClickedCall, Disposition, IncomingCall, OutgoingCall } from './pbx-call.js';
export { signNotice } from './pbx-signatures.js';
export type { Notice, NoticeAttempt, PbxFlush } from './pbx-webhooks.js';
