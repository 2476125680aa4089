// No preprocessing: the components are plain Svelte 5 with TypeScript.
export default {};
