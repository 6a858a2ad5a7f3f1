export default {
  '*.{ts,js,mjs,cjs}': ['eslint --fix --no-warn-ignored', 'prettier --write'],
  '*.{json,md,yml}': 'prettier --write --ignore-unknown',
};
