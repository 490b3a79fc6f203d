export { FakePbx, type FakePbxOptions } from './fake-pbx.js';
export type { ClickedCall, Disposition, IncomingCall, Notice, OutgoingCall } from './pbx-call.js';
export { signNotice } from './pbx-signatures.js';
export type { PbxCallName } from './pbx-wire.js';
