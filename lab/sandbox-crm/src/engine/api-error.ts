import { type JsonObject } from '../json.js';

/** An error of the API: `{"success":false,"errorMsg":...,"errors":{...}}` with the HTTP status. */
export class ApiError extends Error {
  /** Takes the HTTP status, the message of `errorMsg` and the messages by field. */
  constructor(
    readonly status: number,
    message: string,
    readonly errors?: { readonly [field: string]: string },
    readonly extra?: JsonObject,
  ) {
    super(message);
  }

  /** The body of the answer. */
  get body(): JsonObject {
    return { success: false, errorMsg: this.message, ...(this.errors ? { errors: { ...this.errors } } : {}), ...this.extra };
  }
}

/** 400 with messages by field. */
export function invalid(errors: { readonly [field: string]: string }, message = 'Errors in the entity format'): ApiError {
  return new ApiError(400, message, errors);
}

/** 400 for a parameter that is not there. */
export function missing(parameter: string): ApiError {
  return new ApiError(400, `Parameter '${parameter}' is missing`);
}

/** 404. */
export function notFound(message = 'Not found'): ApiError {
  return new ApiError(404, message);
}
