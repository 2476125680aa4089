import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";

// Few rules, each for a scar: a promise nobody waits for swallows its error; an unsafe any hides a wrong row.
export default ts.config(
  { ignores: ["dist/", "node_modules/"] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ["src/**/*.ts", "src/**/*.svelte"],
    languageOptions: {
      parserOptions: { project: ["./tsconfig.json", "./tsconfig.sw.json"], extraFileExtensions: [".svelte"], parser: ts.parser },
    },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "no-undef": "off",
      // It reads the words of a reason after "--" as rule names; svelte-check knows which ignores are needed.
      "svelte/no-unused-svelte-ignore": "off",
      // Maps and sets here are never changed in place: a new one is made and put into raw state.
      "svelte/prefer-svelte-reactivity": "off",
      // The faces are pages of the server, not of SvelteKit; their links are plain.
      "svelte/no-navigation-without-resolve": "off",
    },
  },
);
