/** `@jest/globals` of specs that Node itself loads. They belong to the file that runs now. */
const current = () => /** @type {any} */ (globalThis)[Symbol.for('jest globals')];

/** @param {string} name a function of the running file, with its members */
const forward = (name) =>
  new Proxy(function () {}, {
    apply: (_target, _self, given) => current()[name](...given),
    get: (_target, key) => current()[name][key],
  });

export const describe = forward('describe');
export const it = forward('it');
export const test = forward('test');
export const beforeAll = forward('beforeAll');
export const afterAll = forward('afterAll');
export const beforeEach = forward('beforeEach');
export const afterEach = forward('afterEach');
export const expect = forward('expect');
export const jest = forward('jest');
