// `node --import …/test-no-onnx.ts`: a computer on which the library that runs models cannot be loaded, as on a Windows
// without the Visual C++ runtime.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'onnxruntime-node') return next(specifier, context);
    const said = 'The specified module could not be found.';
    throw Object.assign(new Error(said), { code: 'ERR_DLOPEN_FAILED' });
  },
});
